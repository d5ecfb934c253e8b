"""One header block, in every dialect, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.tars import a_block
from lading.errors import ImageError
from lading.image.tar import Header, Kind, Meta, header, number, pax_number, pax_records, usual_file


def a_header(block: bytes) -> Header:
    found = header(block)
    assert found is not None
    return found


def test_a_zero_block_is_the_end() -> None:
    assert header(bytes(512)) is None


@pytest.mark.parametrize(
    ("flag", "kind"),
    [
        pytest.param(b"0", Kind.FILE, id="regular"),
        pytest.param(b"\0", Kind.FILE, id="regular, before POSIX"),
        pytest.param(b"7", Kind.FILE, id="contiguous"),
        pytest.param(b"Z", Kind.FILE, id="unknown type is a regular file"),
        pytest.param(b"1", Kind.HARDLINK, id="hard link"),
        pytest.param(b"2", Kind.SYMLINK, id="symbolic link"),
        pytest.param(b"3", Kind.DEVICE, id="character device"),
        pytest.param(b"4", Kind.DEVICE, id="block device"),
        pytest.param(b"5", Kind.DIRECTORY, id="directory"),
        pytest.param(b"6", Kind.FIFO, id="fifo"),
        pytest.param(b"L", Meta.LONG_NAME, id="GNU long name"),
        pytest.param(b"K", Meta.LONG_LINK, id="GNU long link"),
        pytest.param(b"S", Meta.SPARSE, id="GNU sparse"),
        pytest.param(b"x", Meta.PAX, id="PAX"),
        pytest.param(b"g", Meta.PAX_GLOBAL, id="PAX global"),
        pytest.param(b"V", Meta.IGNORED, id="volume label"),
    ],
)
def test_the_type_flag_says_the_kind(flag: bytes, kind: Kind | Meta) -> None:
    assert a_header(a_block(b"name", flag)).kind is kind


def test_only_before_posix_a_slash_makes_a_directory() -> None:
    assert a_header(a_block(b"dir/", b"\0")).kind is Kind.DIRECTORY
    assert a_header(a_block(b"dir/", b"0")).kind is Kind.FILE


@pytest.mark.parametrize("flag", [b"1", b"2", b"3", b"5", b"6"])
def test_what_is_no_file_has_no_content_whatever_its_size_says(flag: bytes) -> None:
    assert a_header(a_block(b"name", flag, 4096)).size == 0


def test_the_prefix_of_ustar_comes_before_the_name() -> None:
    assert a_header(a_block(b"name", prefix=b"a/b")).name == b"a/b/name"


def test_gnu_headers_keep_other_things_where_the_prefix_would_be() -> None:
    assert a_header(a_block(b"name", prefix=b"12345", magic=b"ustar  \0")).name == b"name"


def test_a_name_of_the_whole_field_needs_no_nul() -> None:
    assert a_header(a_block(b"n" * 100)).name == b"n" * 100


def test_permission_bits_are_kept_and_file_type_bits_are_not() -> None:
    assert a_header(a_block(mode=b"0104755\0")).mode == 0o4755


def test_a_wrong_checksum_is_no_header() -> None:
    with pytest.raises(ImageError, match="wrong checksum"):
        header(a_block(checksum=1))


def test_a_checksum_of_signed_bytes_holds() -> None:
    name = "größe".encode()
    unsigned = int(a_block(name)[148:154], 8)
    signed = unsigned - 256 * sum(byte > 127 for byte in name)

    assert a_header(a_block(name, checksum=signed)).name == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param(b"00000000017\0", 15, id="octal"),
        pytest.param(b"         17 ", 15, id="padded with blanks"),
        pytest.param(b"\0" * 12, 0, id="empty"),
        pytest.param(b"\x80" + bytes(10) + b"\x01", 1, id="base 256"),
        pytest.param(b"\x80\0\0\0\x01" + bytes(7), 1 << 56, id="base 256, beyond octal"),
    ],
)
def test_numbers_are_octal_or_base_256(field: bytes, value: int) -> None:
    assert number(field) == value


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(b"\xff" * 12, id="negative in base 256"),
        pytest.param(b"-0000000017\0", id="negative in octal"),
        pytest.param(b"99999999999\0", id="not octal"),
        pytest.param(b"abc", id="letters"),
    ],
)
def test_unreadable_numbers_are_refused(field: bytes) -> None:
    with pytest.raises(ImageError):
        number(field)


def test_pax_records_are_read_by_their_length() -> None:
    assert pax_records(b"14 path=a\nb=c\n") == {"path": b"a\nb=c"}


def test_the_stretches_of_an_old_sparse_file_become_its_map() -> None:
    content = b"".join(
        b"%d %s\n" % (len(text) + 4, text)
        for text in (
            b"GNU.sparse.offset=0",
            b"GNU.sparse.numbytes=5",
            b"GNU.sparse.offset=9",
            b"GNU.sparse.numbytes=1",
        )
    )

    assert pax_records(content)["GNU.sparse.map"] == b"0,5,9,1"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"path=a\n", id="no length"),
        pytest.param(b"99 path=a\n", id="too long"),
        pytest.param(b"5 path=a\n", id="too short"),
        pytest.param(b"0 path=a\n", id="no bytes at all"),
        pytest.param(b"-9 path=a\n", id="negative"),
        pytest.param(b"11 path a.\n", id="no value"),
        pytest.param(b"9" * 5000, id="endless length"),
    ],
)
def test_malformed_pax_headers_are_refused(content: bytes) -> None:
    with pytest.raises(ImageError):
        pax_records(content)


def test_an_empty_pax_value_takes_the_record_back() -> None:
    assert pax_number({"size": b""}, "size") is None
    assert pax_number({"size": b"0"}, "size") == 0


@pytest.mark.parametrize("value", [b"-1", b"1.5", b"x", b"9" * 21])
def test_pax_numbers_are_plain_decimal(value: bytes) -> None:
    with pytest.raises(ImageError, match="unreadable size"):
        pax_number({"size": value}, "size")


NUMBERS = st.binary(min_size=12, max_size=12) | st.integers(0, 8**11 - 1).map(
    lambda size: b"%011o" % size + b"\0"
)


@given(
    name=st.binary(min_size=1, max_size=100),
    kind=st.sampled_from([b"0", b"\0", b"5", b"7"]),
    size=NUMBERS,
    mode=st.binary(min_size=8, max_size=8) | st.just(b"0000755\0"),
    prefix=st.sampled_from([b"", b"deep"]),
    checksum=st.none() | st.just(1),
)
def test_what_the_short_way_reads_is_what_the_long_way_reads(
    name: bytes, kind: bytes, size: bytes, mode: bytes, prefix: bytes, checksum: int | None
) -> None:
    """The short way may leave a header to the long one, but never say something else."""
    block = a_block(name, kind, size, mode=mode, prefix=prefix, checksum=checksum)

    found = usual_file(block)
    if found is not None:
        head = a_header(block)
        assert (*found, Kind.FILE) == (head.name, head.mode, head.size, head.kind)


def test_the_short_way_is_taken_for_usual_files() -> None:
    assert usual_file(a_block(b"usr/bin/x", size=7)) == (b"usr/bin/x", 0o644, 7)
