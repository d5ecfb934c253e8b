"""Elixir and Erlang versions sort as Elixir sorts them."""

from itertools import pairwise

import pytest

from lading.errors import InvalidVersion
from lading.versions.hex import key
from version_judges import disagreements, program, verdicts, version_pairs

RISING = [
    "0.0.0-0", "1.0.0-1", "1.0.0-dev", "1.0.0-rc.1", "1.0.0-rc.10", "1.0.0", "1.0.1", "1.10.0",
]  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(RISING)))
def test_sorts_like_elixir(lower: str, higher: str) -> None:
    assert key(lower) < key(higher)


@pytest.mark.parametrize(("one", "other"), [("1.0.0+a", "1.0.0")])
def test_reads_the_same_version_in_two_spellings(one: str, other: str) -> None:
    assert key(one) == key(other)


REFUSED = [
    "", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+", "1.2.3.4", "1"*4097,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_elixir_refuses(text: str) -> None:
    with pytest.raises(InvalidVersion):
        key(text)


SAMPLES = [
    "1.2.3", "1.0.0-rc.1", "0.14.0-dev", "2.0.0-alpha.1", "1.7.0-rc.0", "0.2.99", "1.0.0+build.5",
    "1.0.0-beta.11", "0.0.0", "1.0.0-0.3.7",
]  # fmt: skip
PIECES = [*"0129.-+vabz", "00", "rc.1", "-0", ".0", "-alpha", "+x"]

JUDGE = r"""
for line <- IO.stream(:stdio, :line) do
  [_, one, _, other, _] = String.split(line, "\"")
  sign =
    case {Version.parse(one), Version.parse(other)} do
      {{:ok, one}, {:ok, other}} ->
        %{lt: "<", eq: "=", gt: ">"}[Version.compare(one, other)]
      _ -> "!"
    end
  IO.puts(sign)
end
"""


@pytest.mark.slow
def test_agrees_with_elixir() -> None:
    elixir = program("elixir")

    pairs = version_pairs(SAMPLES, PIECES, count=3000)

    assert disagreements("hex", pairs, verdicts([elixir, "-e", JUDGE], pairs)) == []
