"""What an operating system is made of: libc, init, shells' tools."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

SYSTEM: tuple[Fingerprint, ...] = (
    near(
        "glibc",
        "gnu:glibc",
        b"GNU C Library ",
        rb"GNU C Library [^\n\0]{0,60}(?:stable|development) release "
        rb"version (2\.\d{1,2}(?:\.\d{1,3})?)[.,]",
        files=("libc",),
    ),
    near(
        "glibc",
        "gnu:glibc",
        b"glibc 2.",
        rb"(?<![ -~])glibc (2\.\d{1,2}(?:\.\d{1,3})?)(?=\0)",
        witnesses=(b"*** %s ***: terminated",),
        files=("libc",),
    ),
    whole(
        "musl",
        "musl-libc:musl",
        b"musl libc (",
        rb"(1\.(?:[01]\.\d{1,2}|2\.\d))(?:-git-[^\0]{1,40})?",
        files=("libc", "ld-musl"),
    ),
    near(
        "busybox",
        "busybox:busybox",
        b"BusyBox v",
        rb"(?<![ -~])BusyBox v(1\.\d{1,2}\.\d{1,2})",
        files=("busybox",),
    ),
    near(
        "systemd",
        "systemd_project:systemd",
        b"running in %ssystem mode",
        rb"(?<![ -~])systemd (2\d\d(?:\.\d{1,3})?)[^\0 ]{0,40} running in %ssystem mode",
    ),
    near(
        "util-linux",
        "kernel:util-linux",
        b"util-linux ",
        rb"(?<![ -~])util-linux (2\.\d\d(?:\.\d{1,2})?)(?=\0)",
    ),
    named(
        "util-linux",
        "kernel:util-linux",
        ("libmount", "libblkid"),
        rb"(2\.\d\d(?:\.\d{1,2})?)",
    ),
    whole("coreutils", "gnu:coreutils", b"GNU coreutils\0", rb"([5-9]\.\d{1,2})"),
    whole("grep", "gnu:grep", b"\0GNU grep\0", rb"([23]\.\d{1,2})"),
    whole("sed", "gnu:sed", b"\0GNU sed\0", rb"(4\.[2-9])"),
    whole(
        "findutils",
        "gnu:findutils",
        b"\0GNU findutils\0",
        rb"(4\.\d{1,2}\.\d)",
        files=("find", "xargs"),
    ),
    near(
        "git",
        "git-scm:git",
        b"git/",
        rb"(?<![ -~])git/(2\.\d{1,3}\.\d{1,2})",
        witnesses=(b"GIT_DIR",),
        files=("git", "scalar"),
    ),
    near(
        "libgit2",
        "libgit2:libgit2",
        b"libgit2 ",
        rb"(?<![ -~])(?:git/2\.0 \()?libgit2 (\d\.\d{1,2}\.\d{1,2})\)?\0",
        files=("libgit2",),
    ),
    whole("sudo", "sudo_project:sudo", b"Sudo version %s", rb"(1\.[89]\.\d{1,2}(?:p\d)?)"),
    near(
        "vim",
        "vim:vim",
        b"VIM - Vi IMproved ",
        rb"VIM - Vi IMproved (\d\.\d) \(20\d\d ",
        files=("vim", "vi"),
    ),
    near(
        "ncurses",
        "gnu:ncurses",
        b"ncurses ",
        rb"(?<![ -~])ncurses (\d\.\d)\.20\d{6}\0",
        files=("libncurses", "libtinfo"),
    ),
    named("readline", "gnu:readline", ("libreadline",), rb"(\d\.\d)"),
    named("gmp", "gnu:gmp", ("libgmp",), rb"(\d\.\d\.\d)"),
    near(
        "jemalloc",
        "jemalloc:jemalloc",
        b"jemalloc",
        rb"(?<![ -~])(\d\.\d\.\d)-\d{1,4}-g[0-9a-f]{40}\0",
        witnesses=(b"<jemalloc>",),
        files=("libjemalloc",),
    ),
    near(
        "tini", "tini_project:tini", b"tini version ", rb"(?<![ -~])tini version (0\.\d{1,2}\.\d)"
    ),
    near(
        "qemu",
        "qemu:qemu",
        b" version ",
        rb"(?<![ -~])(?:qemu-\w{2,12}|QEMU emulator) version (\d{1,2}\.\d\.\d{1,2})",
    ),
)
