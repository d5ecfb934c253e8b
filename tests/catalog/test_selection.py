"""Which catalogers want a file: globs over absolute paths, and the first bytes."""

import fnmatch
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.selection import Selection, compile_glob, content_of
from lading.model.package import Fact


def _nothing(file: ImageFile) -> Iterator[Fact]:
    yield from ()


def a_cataloger(name: str, *wants: str, content: tuple[Content, ...] = ()) -> Cataloger:
    return Cataloger(name=name, revision=1, wants=wants, content=content, read=_nothing)


@pytest.mark.parametrize(
    ("glob", "path", "answer"),
    [
        ("/etc/passwd", "/etc/passwd", True),
        ("/etc/passwd", "/a/etc/passwd", False),
        ("etc/passwd", "/etc/passwd", True),
        ("/etc/*.conf", "/etc/a.conf", True),
        ("/etc/*.conf", "/etc/.conf", True),
        ("/etc/*.conf", "/etc/d/a.conf", False),
        ("/etc/?", "/etc/a", True),
        ("/etc/?", "/etc/ab", False),
        ("/etc/?", "/etc//", False),
        ("**/METADATA", "/METADATA", True),
        ("**/METADATA", "/a/b/METADATA", True),
        ("**/METADATA", "/a/XMETADATA", False),
        ("**/*.jar", "/a.jar", True),
        ("**/*.jar", "/a/b.jar", True),
        ("**/*.jar", "/a/b.jar/c", False),
        ("**/*.dist-info/METADATA", "/usr/lib/x.dist-info/METADATA", True),
        ("**/*.dist-info/METADATA", "/x.dist-info/METADATA", True),
        ("**/*.dist-info/METADATA", "/x.dist-info/d/METADATA", False),
        ("/srv/**", "/srv/a", True),
        ("/srv/**", "/srv/a/b", True),
        ("/srv/**", "/srvx/a", False),
        ("/a/**/b", "/a/b", True),
        ("/a/**/b", "/a/x/y/b", True),
        ("/a/**/b", "/a/xb", False),
        ("**/a/**/b/*.x", "/q/a/b/c.x", True),
        ("**/node_modules/**", "/srv/node_modules/a/b", True),
        ("/a.b", "/aXb", False),
        ("/a[1]", "/a[1]", True),
        ("/a[1]", "/a1", False),
        ("/a\n*", "/a\nb", True),
        ("**/*.*", "/a/b.c", True),
        ("**", "/anything/at all", True),
    ],
)
def test_globs_are_over_absolute_paths(glob: str, path: str, answer: bool) -> None:
    assert bool(compile_glob(glob)(path)) is answer


@pytest.mark.parametrize(
    "glob",
    ["/etc/passwd", "**/METADATA", "**/*.jar", "/etc/*.conf", "/var/lib/*/status", "/srv/**/x",
     "**/*.tar.gz", "/usr/share/doc/*", "**/a*b", "**/x?z", "/opt/**"],
)  # fmt: skip
@given(data=st.data())
def test_a_selection_wants_what_the_glob_matches(glob: str, data: st.DataObject) -> None:
    parts = st.sampled_from(
        ["etc", "passwd", "METADATA", "a.jar", ".jar", "a.conf", "var", "lib", "dpkg", "status",
         "srv", "x", "a.tar.gz", "usr", "share", "doc", "aXb", "ab", "xyz", "opt", "jar", "gz"]
    )  # fmt: skip
    path = "/" + "/".join(data.draw(st.lists(parts, min_size=1, max_size=5)))
    cataloger = a_cataloger("it", glob)

    wanted = Selection((cataloger,)).by_path(path)

    assert wanted == ((cataloger,) if compile_glob(glob)(path) else ())


@given(st.text("ab*?", min_size=1, max_size=6), st.text("ab", min_size=1, max_size=6))
def test_within_one_name_globs_are_those_of_a_shell(glob: str, name: str) -> None:
    glob = glob.replace("**", "*")
    while "**" in glob:
        glob = glob.replace("**", "*")

    assert bool(compile_glob(f"/d/{glob}")(f"/d/{name}")) is fnmatch.fnmatchcase(name, glob)


def test_several_catalogers_may_want_one_file_each_once() -> None:
    first = a_cataloger("first", "**/x.jar", "**/*.jar", "/srv/**")
    second = a_cataloger("second", "/srv/*")

    wanted = Selection((first, second)).by_path("/srv/x.jar")

    assert sorted(one.name for one in wanted) == ["first", "second"]


def test_content_asks_for_every_file_that_starts_so() -> None:
    program = a_cataloger("program", content=(Content.ELF, Content.PE))
    selection = Selection((program, a_cataloger("zip", content=(Content.ZIP,))))

    assert selection.by_content(Content.ELF) == (program,)
    assert selection.by_content(Content.SCRIPT) == ()
    assert selection.by_content(None) == ()
    assert selection.by_path("/bin/sh") == ()


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (b"\x7fELF\x02\x01", Content.ELF),
        (b"MZ\x90\x00", Content.PE),
        (b"#!/bin/sh\n", Content.SCRIPT),
        (b"PK\x03\x04", Content.ZIP),
        (b"PK\x05\x06" + bytes(18), Content.ZIP),
        (b"\xcf\xfa\xed\xfe", Content.MACHO),
        (b"\xce\xfa\xed\xfe", Content.MACHO),
        (b"\xfe\xed\xfa\xcf", Content.MACHO),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x02", Content.MACHO),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", None),  # a Java class
        (b"\xca\xfe\xba\xbe", None),
        (b"", None),
        (b"#", None),
        (b"M", None),
        (b"PK", None),
        (b"text", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, content: Content | None) -> None:
    assert content_of(head) is content


@given(st.binary(max_size=24))
def test_any_first_bytes_are_something_or_nothing(head: bytes) -> None:
    assert content_of(head) in (None, *Content)
