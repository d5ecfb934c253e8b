"""A layer's tar into entries: every dialect, hostile headers, and bounds."""

import random
import shutil
import subprocess
import tarfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from image.tars import (
    END,
    LIMITS,
    Collector,
    a_block,
    a_file,
    a_tar,
    an_info,
    flat,
    kinds,
    links,
    paths,
    pax,
    pax_of,
    read,
    reasons,
    walked,
)
from lading.errors import ImageError, LadingError, LimitExceeded
from lading.image.entry import Entry, Glance, LayerFiles, Wish
from lading.image.layer import read_layer
from lading.image.tar import Kind

DEEP = "/".join(["d" * 60] * 5) + "/file"  # 306 bytes: longer than ustar can say
LONG = "directory/" * 20 + "file"  # 204 bytes: name and prefix of ustar
VERY_LONG = "/".join(["n" * 250] * 15)  # 3764 bytes


# Dialects


@pytest.mark.parametrize(
    ("format", "name"),
    [
        pytest.param(tarfile.USTAR_FORMAT, LONG, id="ustar prefix"),
        pytest.param(tarfile.GNU_FORMAT, DEEP, id="GNU long name"),
        pytest.param(tarfile.PAX_FORMAT, DEEP, id="PAX path"),
        pytest.param(tarfile.GNU_FORMAT, VERY_LONG, id="GNU very long name"),
        pytest.param(tarfile.PAX_FORMAT, VERY_LONG, id="PAX very long path"),
        pytest.param(tarfile.PAX_FORMAT, "größe/日本", id="PAX, not ASCII"),
        pytest.param(tarfile.GNU_FORMAT, "größe/日本", id="GNU, not ASCII"),
    ],
)
def test_names_are_read_from_every_dialect(format: int, name: str) -> None:
    tar = a_tar((name, b"content"), ("next", b"n"), format=format)

    assert read(tar) == {f"/{name}": b"content", "/next": b"n"}


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_link_targets_are_read(format: int) -> None:
    tar = a_tar(
        ("file", b""),
        an_info("soft", tarfile.SYMTYPE, "../" * 60 + "x"),
        an_info("hard", tarfile.LNKTYPE, DEEP),
        format=format,
    )

    assert links(walked(tar)) == {"/soft": "../" * 60 + "x", "/hard": f"/{DEEP}"}


@pytest.mark.parametrize("options", [["--format=v7"], ["--format=ustar"], ["--format=posix"], []])
def test_a_folder_packed_by_gnu_tar_is_read_whole(tmp_path: Path, options: list[str]) -> None:
    agrees_with(tmp_path, "tar", *options)


@pytest.mark.parametrize("options", [["--format=ustar"], ["--format=pax"], ["--format=gnutar"]])
def test_a_folder_packed_by_bsdtar_is_read_whole(tmp_path: Path, options: list[str]) -> None:
    agrees_with(tmp_path, "bsdtar", *options)


def agrees_with(folder: Path, program: str, *options: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (folder / "etc").mkdir()
    (folder / "etc/file").write_bytes(b"content" * 200)
    (folder / "etc/soft").symlink_to("/usr/lib/x")
    (folder / "etc/tool").write_bytes(b"\x7fELF")
    (folder / "etc/tool").chmod(0o4755)
    (folder / "etc/hard").hardlink_to(folder / "etc/file")
    command = [program, *options, "-C", str(folder), "-cf-", "etc"]
    tar = subprocess.run(command, check=True, capture_output=True).stdout

    visitor = Collector("/etc/file")
    files = walked(tar, visitor)

    assert visitor.seen["/etc/file"] == b"content" * 200
    assert kinds(files)["/etc"] is Kind.DIRECTORY
    assert {kinds(files)[f"/etc/{name}"] for name in ("file", "hard")} == {Kind.FILE, Kind.HARDLINK}
    assert links(files)["/etc/soft"] == "/usr/lib/x"
    assert Entry("/etc/tool", Kind.FILE, 0o4755, 4, "", "elf") in files.entries
    assert reasons(files) == []


def test_names_that_are_no_utf8_keep_their_bytes() -> None:
    files = walked(a_file(b"caf\xe9", b"x") + END)

    assert paths(files) == ["/caf\udce9"]


def test_sizes_in_base_256_are_read() -> None:
    size = b"\x80" + bytes(7) + (3).to_bytes(4, "big")

    assert read(a_block(b"f", b"0", size) + b"abc".ljust(512, b"\0") + END) == {"/f": b"abc"}


def test_the_size_of_a_pax_header_goes_before_the_other() -> None:
    small, none = pax(size="3"), pax(size="0")
    tar = (
        small + a_block(b"f", b"0", 512) + b"abc".ljust(512, b"\0") + none + a_block(b"e", b"0", 9)
    )

    assert read(tar + a_file(b"next", b"n") + END) == {"/f": b"abc", "/e": b"", "/next": b"n"}


def test_an_empty_pax_value_leaves_the_header_as_it_is() -> None:
    assert read(pax(path="", size="") + a_file(b"f", b"abc") + END) == {"/f": b"abc"}


def test_extended_headers_speak_of_the_next_entry_only() -> None:
    tar = pax(path="long") + a_file(b"a", b"1") + a_file(b"b", b"2")

    assert read(tar + END) == {"/long": b"1", "/b": b"2"}


def test_a_gnu_long_name_goes_before_a_pax_path() -> None:
    named = a_file(b"././@LongLink", b"gnu\0", b"L")
    for tar in (named + pax(path="pax"), pax(path="pax") + named):
        assert read(tar + a_file(b"short", b"1") + END) == {"/gnu": b"1"}


def test_a_global_header_changes_no_entry() -> None:
    head = pax_of([("comment", "a commit"), ("path", "elsewhere")], b"g")

    assert read(head + a_file(b"f", b"1") + END) == {"/f": b"1"}


def test_the_label_of_a_volume_is_no_file_and_takes_its_long_name_with_it() -> None:
    named = a_file(b"././@LongLink", b"label\0", b"L")
    tar = named + a_file(b"short", b"", b"V") + a_file(b"f", b"1")

    assert read(tar + END) == {"/f": b"1"}


def test_a_slash_makes_a_directory_only_before_posix() -> None:
    tar = a_file(b"old/", b"", b"\0") + a_file(b"new/", b"x") + a_file(b"type/", b"", b"5")

    files = kinds(walked(tar + END))

    assert files == {"/old": Kind.DIRECTORY, "/new": Kind.FILE, "/type": Kind.DIRECTORY}


def test_the_long_name_decides_whether_an_old_entry_is_a_directory() -> None:
    long = a_file(b"././@LongLink", b"dir/\0", b"L") + a_block(b"dir", b"\0", 0)
    file = pax(path="file") + a_file(b"file/", b"content", b"\0")

    assert kinds(walked(long + END)) == {"/dir": Kind.DIRECTORY}
    assert read(file + END) == {"/file": b"content"}


def test_a_link_with_a_size_hides_nothing_behind_it() -> None:
    size = len(a_file(b"hidden", b"x"))
    tar = a_file(b"f", b"1") + a_block(b"l", b"1", size, link=b"f") + a_file(b"hidden", b"x")

    assert paths(walked(tar + END)) == ["/f", "/l", "/hidden"]


def test_contiguous_and_unknown_types_are_files() -> None:
    assert read(a_file(b"a", b"1", b"7") + a_file(b"b", b"2", b"Z") + END) == {
        "/a": b"1",
        "/b": b"2",
    }


# What is handed over


def test_only_wanted_files_are_handed_over_with_a_number() -> None:
    tar = a_tar(("a", b"1"), an_info("d", tarfile.DIRTYPE), ("b", b"2"), ("c", b"3"))
    visitor = Collector("/b")

    files = walked(tar, visitor)

    assert visitor.seen == {"/b": b"2"}
    assert flat(files)[2] == Entry("/b", Kind.FILE, 0o644, 1, "", None, 0)
    assert visitor.numbers == {"/b": 0}


def test_plain_files_cost_their_path_alone_and_executables_are_told() -> None:
    tar = (
        a_file(b"plain", b"text")
        + a_block(b"tool", b"0", 4, mode=b"0000755\0")
        + b"#!sh".ljust(512, b"\0")
        + a_file(b"lib.so", b"\x7fELF...")
    )

    assert flat(walked(tar + END)) == [
        "/plain",
        Entry("/tool", Kind.FILE, 0o755, 4),
        Entry("/lib.so", Kind.FILE, 0o644, 7, "", "elf"),
    ]


def test_a_file_of_many_chunks_is_handed_over_whole() -> None:
    content = bytes(range(256)) * 20
    visitor = Collector("*")

    walked(a_tar(("a", b"x"), ("f", content), ("z", b"z")), visitor, size=512)

    assert visitor.seen == {"/a": b"x", "/f": content, "/z": b"z"}


def test_of_two_entries_with_one_name_both_are_there_in_their_order() -> None:
    tar = a_file(b"f", b"1") + a_file(b"./f", b"2") + END
    visitor = Collector("*")

    files = walked(tar, visitor)

    assert paths(files) == ["/f", "/f"]
    assert visitor.numbers == {"/f": 1}


def test_a_file_larger_than_its_reader_takes_is_a_problem() -> None:
    visitor = Collector("/big", max_size=10)

    files = walked(a_tar(("big", b"x" * 11), ("next", b"")), visitor)

    assert reasons(files) == [("/big", "file of 11 bytes, more than is read of its kind")]
    assert paths(files) == ["/big", "/next"]


def test_a_file_larger_than_the_limits_allow_is_a_problem() -> None:
    visitor = Collector("/big")

    files = walked(a_tar(("big", b"x" * 11)), visitor, limits=replace(LIMITS, file_bytes=10))

    assert visitor.seen == {}
    assert reasons(files) == [("/big", "file of 11 bytes, more than is read of its kind")]


# Whiteouts


def test_whiteouts_are_kept_apart() -> None:
    tar = a_tar(("etc/.wh.gone", b""), ("var/.wh..wh..opq", b""), ("f", b""))

    files = walked(tar)

    assert (files.whiteouts, files.opaques, flat(files)) == (["/etc/gone"], ["/var"], ["/f"])


@pytest.mark.parametrize(
    "kind",
    [b"0", b"\0", b"1", b"2", b"3", b"5", b"6"],
    ids=["regular", "old", "hard", "soft", "dev", "dir", "fifo"],
)
def test_a_whiteout_is_one_whatever_kind_of_file_stands_for_it(kind: bytes) -> None:
    files = walked(a_file(b"etc/.wh.gone", b"", kind, link=b"x") + END)

    assert (files.whiteouts, files.entries, files.problems) == (["/etc/gone"], [], [])


def test_aufs_bookkeeping_is_no_whiteout() -> None:
    files = walked(a_tar((".wh..wh.aufs", b""), an_info(".wh..wh.orph", tarfile.DIRTYPE)))

    assert (files.whiteouts, files.opaques, files.entries) == ([], [], [])


@pytest.mark.parametrize("name", ["a/.wh.", "a/.wh..", "a/.wh..."])
def test_a_whiteout_of_no_name_removes_nothing(name: str) -> None:
    files = walked(a_tar((name, b"")))

    assert (files.whiteouts, files.entries) == ([], [])
    assert reasons(files) == [(f"/{name}", "whiteout that names no file")]


# Hostile names and entries


@pytest.mark.parametrize(
    ("name", "path"), [(b"../up", "/up"), (b"a/../../up", "/up"), (b"/../up", "/up")]
)
def test_names_that_climb_are_read_where_runtimes_put_them_and_told(name: bytes, path: str) -> None:
    visitor = Collector("*")

    files = walked(a_file(name, b"x") + a_file(b"next", b"n") + END, visitor)

    assert visitor.seen == {path: b"x", "/next": b"n"}
    assert reasons(files) == [(name.decode(), "name with .. in a layer")]
    assert "read where containerd puts it" in files.problems[0].effect


def test_a_leading_slash_means_nothing() -> None:
    files = walked(a_file(b"/ko-app/server", b"x") + a_file(b"/etc/.wh.gone") + END)

    assert paths(files) == ["/ko-app/server"]
    assert (files.whiteouts, files.problems) == (["/etc/gone"], [])


@pytest.mark.parametrize("name", ["n" * 65536, "a/" * 3000, "x\0y"], ids=["name", "path", "NUL"])
def test_impossible_names_are_reported_and_the_rest_is_read(name: str) -> None:
    visitor = Collector("*")

    files = walked(pax(path=name) + a_file(b"short", b"x") + a_file(b"next", b"n") + END, visitor)

    assert visitor.seen == {"/next": b"n"}
    assert len(files.problems) == 1
    assert len(files.problems[0].path) <= 203
    assert "not in the result" in files.problems[0].effect


def test_device_nodes_are_reported_and_never_opened() -> None:
    tar = a_file(b"dev/sda", b"", b"4") + a_file(b"dev/tty", b"", b"3") + a_file(b"p", b"", b"6")

    files = walked(tar + END)

    assert kinds(files) == {"/dev/sda": Kind.DEVICE, "/dev/tty": Kind.DEVICE, "/p": Kind.FIFO}
    assert [reason for _, reason in reasons(files)] == ["device node in a layer"] * 2


@pytest.mark.parametrize("kind", [b"0", b"1", b"2", b"3", b"6"])
def test_the_root_cannot_be_replaced(kind: bytes) -> None:
    files = walked(a_file(b"./", b"", kind, link=b"etc") + a_file(b"f", b"") + END)

    assert paths(files) == ["/f"]
    assert ("/", "an entry that would replace the root of the image") in reasons(files)


def test_the_root_may_have_an_entry_under_any_of_its_names() -> None:
    for name in (b".", b"./", b"/"):
        files = walked(a_file(name, b"", b"5") + END)
        assert (files.entries, files.problems) == ([Entry("", Kind.DIRECTORY, 0o644)], [])


def test_a_hard_link_to_the_root_is_reported() -> None:
    files = walked(a_file(b"l", b"", b"1", link=b"..") + END)

    assert reasons(files) == [("/l", "hard link to the root of the image")]
    assert files.entries == []


def test_link_targets_stay_inside_the_image() -> None:
    files = walked(a_file(b"l", b"", b"1", link=b"../../etc/x") + END)

    assert links(files) == {"/l": "/etc/x"}


def test_of_many_problems_of_a_kind_the_number_is_kept() -> None:
    tar = b"".join(a_file(b"../%d" % number) for number in range(250))

    files = walked(tar + END)

    assert len(paths(files)) == 250
    assert len(files.problems) == 101
    assert files.problems[-1].reason == "name with .. in a layer (150 more)"


# Where archives end


@pytest.mark.parametrize("end", [b"", bytes(512), bytes(1024), bytes(10240), END + b"garbage" * 99])
def test_an_archive_may_end_in_many_ways(end: bytes) -> None:
    assert read(a_file(b"f", b"1") + end) == {"/f": b"1"}


@pytest.mark.parametrize("tar", [b"", bytes(512), bytes(10240)])
def test_an_empty_layer_holds_nothing(tar: bytes) -> None:
    assert walked(tar).entries == []


def test_entries_behind_a_single_zero_block_are_not_lost_silently() -> None:
    with pytest.raises(ImageError, match="layer 0 is damaged: a single zero block"):
        walked(a_file(b"f", b"1") + bytes(512) + a_file(b"hidden", b"2") + END)


SMALL = a_tar(("one", b"1" * 700), (DEEP, b"2"), an_info("l", tarfile.LNKTYPE, "one"), ("z", b"3"))


@pytest.mark.parametrize("length", range(0, len(SMALL.rstrip(b"\0")), 512))
def test_an_archive_cut_at_a_block_gives_what_came_before_or_an_error(length: int) -> None:
    visitor, whole = Collector("*"), Collector("*")
    files, error = tried(SMALL[:length], visitor)

    assert error == "" or "layer 0 is cut short" in error
    assert paths(files) == paths(walked(SMALL, whole))[: len(flat(files))]
    assert visitor.seen.items() <= whole.seen.items()


def tried(data: bytes, visitor: Collector) -> tuple[LayerFiles, str]:
    """What was read, and the message of the error that ended it, or ""."""
    files = LayerFiles()
    chunks = iter([memoryview(data)])
    again = lambda: (memoryview(part) for part in (data,))  # noqa: E731 - opened twice at most
    try:
        read_layer(chunks, visitor, what="layer 0", limits=LIMITS, files=files, again=again)
    except LadingError as error:
        return files, str(error)
    return files, ""


@pytest.mark.parametrize("length", [1, 100, 511, 513, 700, 1023])
def test_an_archive_cut_inside_a_block_is_an_error(length: int) -> None:
    with pytest.raises(ImageError, match=r"layer 0 is (cut short|no tar archive)"):
        walked(SMALL[:length])


# Damage


def test_what_is_no_tar_says_so() -> None:
    with pytest.raises(ImageError, match="layer 0 is no tar archive"):
        walked(b"just some text, and a lot of it\n" * 100)


def test_a_damaged_header_names_the_layer() -> None:
    tar = a_file(b"f", b"1") + a_block(b"g", checksum=7) + END
    with pytest.raises(ImageError, match=r"layer 0 is damaged.*wrong checksum"):
        walked(tar)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(b"\xff" * 12, id="negative in base 256"),
        pytest.param(b"-0000000001\0", id="negative in octal"),
        pytest.param(b"\x80" + b"\xff" * 11, id="more than there are bytes anywhere"),
        pytest.param(b"77777777777\0", id="8 GiB in a few bytes"),
        pytest.param(b"\x80\0\0\0" + b"\x7f" + b"\xff" * 7, id="2^63"),
        pytest.param(b"hello world\0", id="words"),
    ],
)
@pytest.mark.parametrize("wanted", ["*", "/none"])
@pytest.mark.parametrize("kind", [b"0", b"L", b"x", b"g", b"S", b"V"])
def test_hostile_sizes_end_in_an_error(size: bytes, wanted: str, kind: bytes) -> None:
    with pytest.raises(ImageError, match="layer 0"):
        walked(a_block(b"f", kind, size) + bytes(4096), Collector(wanted))


def test_a_damaged_pax_header_names_the_layer() -> None:
    with pytest.raises(ImageError, match="layer 0 is damaged: a PAX header is malformed"):
        walked(a_file(b"x", b"999 path=x\n", b"x") + a_file(b"f") + END)


def test_an_unreadable_pax_size_names_the_layer() -> None:
    with pytest.raises(ImageError, match=r"layer 0 is damaged: .* unreadable size"):
        walked(pax(size="-5") + a_file(b"f") + END)


@pytest.mark.parametrize("seed", range(8))
def test_random_damage_ends_soon_in_entries_or_an_error(seed: int) -> None:
    chance = random.Random(seed)
    base = a_tar(
        ("etc/os-release", b"ID=x\n" * 200),
        (DEEP, b"2"),
        an_info("etc/l", tarfile.LNKTYPE, "etc/os-release"),
        an_info("s", tarfile.SYMTYPE, DEEP),
        ("var/.wh.x", b""),
        format=chance.choice((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)),
    )
    started = time.process_time()
    for _ in range(300):
        data = bytearray(base)
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(data))
            data[at] = chance.choice((0, 0x30, 0x37, 0x80, 0xFF, data[at] ^ 1))
        if chance.random() < 0.6:
            mended(data)
        files, error = tried(bytes(data), Collector("*"))
        assert error == "" or "layer 0" in error
        assert all(path == "" or path.startswith("/") for path in paths(files))
    assert time.process_time() - started < 20


def mended(data: bytearray) -> None:
    """Give every header its right checksum again, so that damage reaches further."""
    for at in range(0, len(data) - 511, 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])


# Bounds


@pytest.mark.parametrize("entry", [a_file(b"f"), a_file(b".wh.f"), a_file(b"v", b"", b"V")])
def test_entries_of_every_kind_count(entry: bytes) -> None:
    limits = replace(LIMITS, entries=10)

    assert walked(entry * 10 + END, limits=limits).problems == []
    with pytest.raises(LimitExceeded, match="layer 0: more than 10 entries"):
        walked(entry * 11 + END, limits=limits)


def test_all_paths_together_have_a_bound() -> None:
    with pytest.raises(LimitExceeded, match="layer 0: paths of more than 1000 characters in all"):
        walked(a_file(b"n" * 100) * 11 + END, limits=replace(LIMITS, all_paths=1000))


def test_extended_headers_have_a_bound() -> None:
    with pytest.raises(LimitExceeded, match="layer 0: a header of 2097152 bytes"):
        walked(a_block(b"x", b"x", 2 << 20) + bytes(2 << 20))
    with pytest.raises(ImageError, match="layer 0 is damaged: extended headers that extend"):
        walked(pax(path="x") * 100 + a_file(b"f") + END)


def test_what_was_read_before_a_bound_is_kept() -> None:
    files = LayerFiles()
    chunks = iter([memoryview(a_file(b"f") + a_file(b"../f") * 5)])
    with pytest.raises(LimitExceeded):
        read_layer(
            chunks, Collector(), what="layer 0", limits=replace(LIMITS, entries=2), files=files
        )

    assert paths(files) == ["/f", "/f"]
    assert len(files.problems) == 2


# Glances


class Glancing(Collector):
    """Wants all files, large ones only if they begin as it likes."""

    def wish(self, path: str, head: bytes) -> Wish:
        return super().wish(path, head)._replace(glance=Glance(600, self._likes))

    def _likes(self, start: bytes) -> bool:
        assert len(start) == 600
        return start.startswith(b"yes")


@pytest.mark.parametrize("size", [7, 512, 1 << 20])
def test_a_large_file_is_read_when_a_glance_at_its_start_says_so(size: int) -> None:
    visitor = Glancing("*")
    large = bytes(2000)
    tar = a_tar(("no", b"no" + large), ("yes", b"yes" + large), ("small", b"no"), ("end", b"e"))

    files = walked(tar, visitor, size=size)

    assert sorted(visitor.seen) == ["/end", "/small", "/yes"]
    assert visitor.seen["/yes"] == b"yes" + large
    assert Entry("/no", Kind.FILE, 0o644, 2002) in flat(files)
    assert reasons(files) == []
