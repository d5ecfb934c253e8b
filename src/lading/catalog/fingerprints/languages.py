"""Interpreters, virtual machines and language runtimes."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, near, whole

LANGUAGES: tuple[Fingerprint, ...] = (
    # 3.2.0 is the old character table that Python keeps beside the new one.
    whole(
        "python",
        "python:python",
        b'PYTHONHASHSEED must be "random" or an integer in range [0; 4294967295]',
        rb"(2\.7\.\d{1,2}|3\.(?!2\.0\0)\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d)?)\+?",
        witnesses=(b"Python Software Foundation",),
        files=("python", "libpython"),
    ),
    near(
        "node",
        "nodejs:node.js",
        b"https://nodejs.org/download/",
        rb"(?<![ -~])https://nodejs\.org/download/release/"
        rb"v(\d{1,2}\.\d{1,2}\.\d{1,2})/node-v\1\.tar\.gz(?=\0)",
        files=("node", "libnode"),
    ),
    near("deno", "deno:deno", b"Deno/", rb"Deno/(\d\.\d{1,2}\.\d{1,2})Deno/\1\+[0-9a-f]{7}"),
    near(
        "perl",
        "perl:perl",
        b"v5.",
        rb"(?<![ -~])v(5\.\d{1,2}\.\d{1,2})(?=\0)",
        witnesses=(b"This is perl", b"PERL5LIB"),
        files=("perl", "libperl"),
    ),
    near(
        "php",
        "php:php",
        b"X-Powered-By: PHP/",
        rb"X-Powered-By: PHP/(\d\.\d{1,2}\.\d{1,2})",
        files=("php", "libphp"),
    ),
    near(
        "ruby",
        "ruby-lang:ruby",
        b"ruby ",
        rb"(?<![ -~])ruby (\d\.\d\.\d{1,2})(?:p\d{1,4}|preview\d|rc\d|dev)? "
        rb"\(\d{4}-\d\d-\d\d (?:revision|[\w/]{1,20}) ",
        files=("ruby", "libruby"),
    ),
    near(
        "lua",
        "lua:lua",
        b"Lua.org",
        rb"Lua (5\.\d\.\d)  Copyright \(C\) 1994-20\d\d Lua\.org",
        files=("lua", "liblua"),
    ),
    near(
        "luajit",
        "luajit:luajit",
        b"LuaJIT ",
        rb"(?<![ -~])LuaJIT (2\.\d\.[\w-]{1,16})(?=\0)",
        files=("luajit", "libluajit"),
    ),
    near(
        "openjdk",
        "oracle:openjdk",
        b" JRE (",
        rb" VM \((\d{1,2}(?:\.\d{1,3}){0,4}(?:\+\d{1,3})?)[^)\0]{0,40}\) for "
        rb"(?:linux|bsd|windows|aix)-\w{3,10} JRE \(",
        files=("libjvm",),
    ),
    near(
        "erlang-erts",
        "erlang:erlang\\/otp",
        b") emulator version ",
        rb"(?<![ -~])Erlang \(%s\) emulator version (\d{1,2}(?:\.\d{1,2}){1,3})\n",
        files=("beam",),
    ),
    whole(
        "tcl",
        "tcl:tcl",
        b"package ifneeded TclOO ",
        rb"(8\.\d\.\d{1,2}|9\.\d\.\d{1,2})",
        files=("libtcl", "tclsh"),
    ),
    near(
        "bash",
        "gnu:bash",
        b"@(#)Bash version ",
        rb"@\(#\)Bash version (\d\.\d{1,2}\.\d{1,3})",
        files=("bash", "sh"),
    ),
    near(
        "gawk",
        "gnu:gawk",
        b"GNU Awk ",
        rb"(?<![ -~])GNU Awk (\d\.\d\.\d)",
        files=("gawk",),
    ),
    near(
        "rust",
        "rust-lang:rust",
        b"rustc version ",
        rb"(?<![ -~])rustc version (1\.\d{2,3}\.\d{1,2}(?:-[\w.]{1,12})?) \(",
        part=True,
    ),
)
