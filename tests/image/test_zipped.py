"""ZIP archives walked like a layer."""

import io
import stat
import zipfile

import pytest

from builders import a_zip, damaged
from image.tars import LIMITS, Collector
from lading.errors import ImageError, LimitExceeded
from lading.image import zipped
from lading.image.entry import Entry, LayerFiles, Names
from lading.image.limits import Limits
from lading.image.tar import Kind


def walked(data: bytes, *wanted: str, limits: Limits = LIMITS) -> tuple[LayerFiles, Collector]:
    files, visitor = LayerFiles(), Collector(*wanted)
    zipped.read_zip(memoryview(data), visitor, what="x.whl", limits=limits, files=files)
    return files, visitor


def paths(files: LayerFiles) -> list[str]:
    named = [(one.path,) if isinstance(one, Entry) else tuple(one.paths()) for one in files.entries]
    return [path for some in named for path in some]


def test_wanted_files_go_to_the_visitor_and_plain_ones_are_names() -> None:
    files, visitor = walked(a_zip({"a/": b"", "a/one": b"1", "two": b"22"}), "/a/one")

    assert visitor.seen == {"/a/one": b"1"}
    assert paths(files) == ["/a", "/a/one", "/two"]
    assert isinstance(files.entries[-1], Names)


def test_links_and_programs_keep_their_modes() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, mode, text in (("link", stat.S_IFLNK | 0o777, "to"), ("tool", 0o100755, "#!x")):
            row = zipfile.ZipInfo(name)
            row.external_attr = mode << 16
            archive.writestr(row, text)

    files, _ = walked(buffer.getvalue())

    link, tool = files.entries
    assert isinstance(link, Entry)
    assert isinstance(tool, Entry)
    assert (link.kind, link.link) == (Kind.SYMLINK, "to")
    assert (tool.kind, tool.mode, tool.size) == (Kind.FILE, 0o755, 3)


def test_names_stay_within_the_archive() -> None:
    data = a_zip({"../../etc/passwd": b"1", "/abs": b"2", "?": b"3"})

    assert paths(walked(data)[0]) == ["/etc/passwd", "/abs", "/?"]


def test_a_name_of_nothing_is_the_archive_itself() -> None:
    data = a_zip({"?": b"3"}).replace(b"?", b"\0")  # a name ends at its first NUL

    assert paths(walked(data)[0]) == [""]


def test_a_damaged_file_is_a_problem_and_the_others_are_read() -> None:
    data = bytearray(a_zip({"bad": b"x" * 100, "good": b"1"}, method=zipfile.ZIP_STORED))
    data[data.index(b"x" * 100)] ^= 1

    files, visitor = walked(bytes(data), "/bad", "/good")

    assert visitor.seen == {"/good": b"1"}
    assert [problem.path for problem in files.problems] == ["/bad"]


def test_a_file_that_is_larger_than_wanted_is_a_problem() -> None:
    files, visitor = walked(a_zip({"large": bytes(2 << 20)}), "/large")

    assert visitor.seen == {}
    assert "more than is read of its kind" in files.problems[0].reason


def test_more_entries_than_any_package_has_are_refused_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = a_zip({str(number): b"" for number in range(20)})
    monkeypatch.setattr(zipped, "_MOST_ENTRIES", 10)

    with pytest.raises(LimitExceeded, match="more than 10 entries"):
        walked(data)


def test_what_is_no_archive_is_an_error_and_damage_never_more() -> None:
    whole = a_zip({"a": b"1" * 50, "b/c": b"2" * 50})

    with pytest.raises(ImageError, match=r"x\.whl is damaged"):
        walked(b"no archive")
    for data in damaged(whole, times=300):
        try:
            walked(data, "/a", "/b/c")
        except ImageError:
            continue
