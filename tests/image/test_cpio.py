"""cpio archives walked like a layer."""

import pytest

from builders import damaged
from image.tars import LIMITS, Collector
from lading.errors import ImageError, LimitExceeded
from lading.image.cpio import Listed, read_cpio
from lading.image.entry import Entry, LayerFiles, Names
from lading.image.limits import Limits
from lading.image.tar import Kind
from package_files import CPIO_END, a_cpio_entry


def walked(
    data: bytes,
    *wanted: str,
    limits: Limits = LIMITS,
    listed: tuple[Listed, ...] = (),
    step: int = 7,
) -> tuple[LayerFiles, Collector]:
    files, visitor = LayerFiles(), Collector(*wanted)
    chunks = (memoryview(data[at : at + step]) for at in range(0, len(data), step))
    read_cpio(chunks, visitor, what="x.rpm", limits=limits, files=files, listed=listed)
    return files, visitor


def kinds(files: LayerFiles) -> list[tuple[str, Kind, str]]:
    return [(one.path, one.kind, one.link) for one in files.entries if isinstance(one, Entry)]


@pytest.mark.parametrize("step", [1, 3, 4096])
def test_chunks_may_end_anywhere(step: int) -> None:
    data = a_cpio_entry("./a", b"12345") + a_cpio_entry("./b", b"6") + CPIO_END

    assert walked(data, "/a", "/b", step=step)[1].seen == {"/a": b"12345", "/b": b"6"}


def test_every_kind_of_entry_is_known() -> None:
    data = (
        a_cpio_entry("./d", mode=0o040755)
        + a_cpio_entry("./soft", b"d/f", mode=0o120777)
        + a_cpio_entry("./null", mode=0o020666)
        + a_cpio_entry("./tool", b"x", mode=0o100755)
        + CPIO_END
    )

    assert kinds(walked(data)[0]) == [
        ("/d", Kind.DIRECTORY, ""), ("/soft", Kind.SYMLINK, "d/f"), ("/null", Kind.DEVICE, ""),
        ("/tool", Kind.FILE, ""),
    ]  # fmt: skip


def test_of_hard_links_the_last_has_the_content() -> None:
    data = (
        a_cpio_entry("./one", inode=5, links=2)
        + a_cpio_entry("./two", b"text", inode=5, links=2)
        + a_cpio_entry("./empty", inode=6, links=2)
        + CPIO_END
    )

    files, visitor = walked(data, "/two")

    assert visitor.seen == {"/two": b"text"}
    assert kinds(files) == [("/two", Kind.FILE, ""), ("/one", Kind.HARDLINK, "/two")]
    assert files.entries[-1] == Names("", "empty\0")


def test_rpms_own_form_takes_names_and_sizes_from_the_header() -> None:
    listed = (Listed("/usr/a", 0o100644, 5), Listed("/usr/b", 0o120777, 2))
    data = b"07070X00000001\0\0to\0\0" + b"07070X00000000\0\0" + b"12345\0\0\0" + CPIO_END

    files, visitor = walked(data, "/usr/a", listed=listed)

    assert visitor.seen == {"/usr/a": b"12345"}
    assert ("/usr/b", Kind.SYMLINK, "to") in kinds(files)
    with pytest.raises(ImageError, match="does not list file 1"):
        walked(data)


def test_a_file_that_is_larger_than_wanted_is_a_problem() -> None:
    files, visitor = walked(a_cpio_entry("./a", bytes(2 << 20)) + CPIO_END, "/a", step=1 << 20)

    assert visitor.seen == {}
    assert "more than is read of its kind" in files.problems[0].reason


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"070707" + bytes(200), id="another form"),
        pytest.param(a_cpio_entry("./a", b"12345")[:-6], id="cut"),
        pytest.param(a_cpio_entry("./a", b"12345"), id="no end"),
        pytest.param(b"070701" + b"-0000001" * 13, id="no numbers"),
        pytest.param(b"070701" + b"ffffffff" * 13, id="a name of 4 GiB"),
        pytest.param(b"07070Xzzzzzzzz\0\0", id="no number of a file"),
    ],
)
def test_damage_is_an_error(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"x\.rpm is "):
        walked(data)


def test_entries_have_a_bound() -> None:
    data = a_cpio_entry("./a") * 5 + CPIO_END

    with pytest.raises(LimitExceeded, match="more than 3 entries"):
        walked(data, limits=Limits(entries=3))


def test_random_damage_is_an_error_and_never_more() -> None:
    whole = a_cpio_entry("./a", b"1" * 50) + a_cpio_entry("./b", b"2") + CPIO_END
    for data in damaged(whole, times=200):
        try:
            walked(data, "/a", "/b", step=64)
        except ImageError:
            continue
