"""What a registry asks for, out of its headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.sources.auth import Challenge, challenges


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("Basic", [Challenge("basic", {})], id="bare"),
        pytest.param('Basic realm="a"', [Challenge("basic", {"realm": "a"})], id="basic"),
        pytest.param(
            'Bearer realm="https://auth.example/t",service="s",scope="repository:a/b:pull"',
            [
                Challenge(
                    "bearer",
                    {
                        "realm": "https://auth.example/t",
                        "service": "s",
                        "scope": "repository:a/b:pull",
                    },
                )
            ],
            id="bearer",
        ),
        pytest.param(
            "BEARER Realm=x , service=y",
            [Challenge("bearer", {"realm": "x", "service": "y"})],
            id="upper case, no quotes, spaces",
        ),
        pytest.param(
            'Bearer realm="x", Basic realm="y"',
            [Challenge("bearer", {"realm": "x"}), Challenge("basic", {"realm": "y"})],
            id="two in one header",
        ),
        pytest.param(
            r'Basic realm="a \"b\", c=d"',
            [Challenge("basic", {"realm": 'a "b", c=d'})],
            id="quotes in quotes",
        ),
        pytest.param("", [], id="empty"),
        pytest.param("realm=x", [], id="parameters of nothing"),
        pytest.param('Bearer realm="unfinished', [], id="cut"),
    ],
)
def test_a_challenge_is_a_scheme_with_parameters(header: str, expected: list[Challenge]) -> None:
    assert list(challenges([header])) == expected


@given(st.text(max_size=60) | st.text(alphabet='Ba ="\\,', max_size=60))
def test_any_header_can_be_read(header: str) -> None:
    for found in challenges([header]):
        assert found.scheme == found.scheme.lower()


def test_a_huge_header_is_read_quickly() -> None:
    assert challenges([" " * 60_000 + "x", 'a="' + "\\" * 60_000, "B " * 30_000]) == ()
