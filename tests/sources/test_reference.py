"""Image references, as every container tool reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.errors import UsageError
from lading.sources.reference import parse_reference

SUM = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "host", "repository", "tag", "digest"),
    [
        pytest.param("alpine", "docker.io", "library/alpine", "latest", None, id="one word"),
        pytest.param("alpine:3.19", "docker.io", "library/alpine", "3.19", None, id="with a tag"),
        pytest.param("team/app", "docker.io", "team/app", "latest", None, id="two words"),
        pytest.param(
            "docker.io/alpine", "docker.io", "library/alpine", "latest", None, id="default, named"
        ),
        pytest.param(
            "index.docker.io/team/app:1", "docker.io", "team/app", "1", None, id="its other name"
        ),
        pytest.param("localhost/app", "localhost", "app", "latest", None, id="localhost"),
        pytest.param("localhost:5000/app", "localhost:5000", "app", "latest", None, id="port"),
        pytest.param(
            "r.example:5000/a/b/c:1.0", "r.example:5000", "a/b/c", "1.0", None, id="port and tag"
        ),
        pytest.param("[::1]:5000/app:1", "[::1]:5000", "app", "1", None, id="IPv6"),
        pytest.param("Registry/app", "Registry", "app", "latest", None, id="upper case is a host"),
        pytest.param(f"r.example/app@{SUM}", "r.example", "app", None, SUM, id="digest"),
        pytest.param(f"r.example/app:1@{SUM}", "r.example", "app", "1", SUM, id="tag and digest"),
        pytest.param("a__b/c-d.e_f", "docker.io", "a__b/c-d.e_f", "latest", None, id="separators"),
    ],
)
def test_a_reference_has_a_host_a_repository_and_a_version(
    text: str, host: str, repository: str, tag: str | None, digest: str | None
) -> None:
    found = parse_reference(text)

    assert (found.host, found.repository, found.tag, found.digest) == (
        host,
        repository,
        tag,
        digest,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":1",
        "App",
        "a//b",
        "/a",
        "a/",
        "a:",
        "a: b",
        "a:-1",
        "a:" + "t" * 129,
        "a@sha256:abc",
        f"a@{SUM.upper()}",
        f"a@{SUM}@{SUM}",
        "r.example:99999/a",
        "r.example:x/a",
        "-r.example/a",
        "r..example/a",
        "a___b",
        ".a",
        "a\n",
        "r.example/../a",
        "r.example/a?x=1",
        "r.example/" + "a" * 250,
        "é",
        "a" * 5000,
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no image reference"):
        parse_reference(text)


def test_the_digest_decides_when_there_is_a_tag_too() -> None:
    assert parse_reference(f"app:1@{SUM}").version == SUM


@given(st.text(max_size=40) | st.text(alphabet="aB0.:/@_-", max_size=20))
def test_a_reference_written_out_reads_as_itself(text: str) -> None:
    try:
        found = parse_reference(text)
    except UsageError:
        return

    assert parse_reference(str(found)) == found
