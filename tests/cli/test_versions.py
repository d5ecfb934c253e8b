"""`lading versions`: the version rules by themselves."""

import io

import pytest

from cli.running import is_one_line, ran
from lading.versions import SCHEMES


@pytest.fixture(autouse=True)
def _places(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(str(tmp_path))


@pytest.mark.parametrize(
    ("scheme", "a", "b", "sign"),
    [
        ("deb", "1.0~rc1", "1.0", "<"),
        ("deb", "1:0", "2.0", ">"),
        ("pep440", "1.0", "1.0.0", "="),
        ("maven", "1.0-SNAPSHOT", "1.0", "<"),
        ("rpm", "1.0^git", "1.0", ">"),
        ("apk", "1.2.3-r10", "1.2.3-r9", ">"),
    ],
)
def test_two_versions_are_compared(
    scheme: str, a: str, b: str, sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(capsys, "versions", "compare", scheme, a, b) == (0, f"{sign}\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        pytest.param(("compare", "pep440", "1.0", "one"), 3, "'one'", id="unreadable version"),
        pytest.param(("compare", "runes", "1", "2"), 2, "runes", id="unknown scheme"),
        pytest.param(("sort", "runes"), 2, "runes", id="unknown scheme, nothing to sort"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    word: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    done = ran(capsys, "versions", *arguments)

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)
    assert word in done.err


@pytest.mark.parametrize("arguments", [(), ("compare", "deb", "1"), ("sort",), ("guess", "deb")])
def test_missing_arguments_are_wrong_usage(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, "versions", *arguments, now="")

    assert (code, out) == (2, "")
    assert err.startswith("lading versions")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("lines", "ordered"),
    [
        pytest.param("1.10\n1.9\n1.0~rc1\n1.0\n", "1.0~rc1\n1.0\n1.9\n1.10\n", id="in order"),
        pytest.param("2\n\n 1\n".replace(" ", ""), "1\n2\n", id="empty lines go"),
        pytest.param("2\r\n1\r\n", "1\n2\n", id="lines of other systems"),
        pytest.param("1.0\n0:1.0\n", "1.0\n0:1.0\n", id="equal ones stay as they come"),
        pytest.param("2\n1", "1\n2\n", id="no end of line"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_lines_are_sorted(
    lines: str,
    ordered: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), "utf-8"))

    assert ran(capsys, "versions", "sort", "deb") == (0, ordered, "")


@pytest.mark.parametrize(
    "content", [pytest.param(b"1.0\n?!\n", id="no version"), pytest.param(b"1\n\xff\n", id="bytes")]
)
def test_one_unreadable_line_stops_the_sorting(
    content: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))

    done = ran(capsys, "versions", "sort", "pep440")

    assert (done.code, done.out) == (3, "")
    assert is_one_line(done.err)


def test_every_scheme_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    out = ran(capsys, "versions", "--help", now="").out

    assert all(scheme in out for scheme in SCHEMES)
