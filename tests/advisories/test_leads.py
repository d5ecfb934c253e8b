"""What leads to a feed: the first line of a list, the index of a repository."""

import pytest

from lading.advisories.leads import first_line, first_mirror, updateinfo_in
from lading.errors import InvalidRecord
from shared_data import shared


def an_index(*types: str) -> bytes:
    parts = (f'<data type="{one}"><location href="repodata/{one}.xml.gz"/></data>' for one in types)
    return f'<repomd xmlns="urn:repo">{"".join(parts)}</repomd>'.encode()


def test_a_list_leads_to_its_first_line() -> None:
    assert first_line(b"\n vex_2026-01-31.tar.zst \nvex_2026-01-30.tar.zst\n") == (
        "vex_2026-01-31.tar.zst"
    )


def test_a_list_of_mirrors_leads_to_the_index_of_the_first() -> None:
    found = first_mirror(b"https://mirror.example/a/\nhttps://mirror.example/b/\n")

    assert found == "https://mirror.example/a/repodata/repomd.xml"


def test_an_index_leads_to_its_errata() -> None:
    assert updateinfo_in(an_index("primary", "updateinfo", "other")) == (
        "../repodata/updateinfo.xml.gz"
    )


@pytest.mark.parametrize("data", [b"", b"\n \n", b"two words", b"x" * 2000])
def test_what_is_no_address_leads_nowhere(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        first_line(data)


@pytest.mark.parametrize(
    "data", [b"", b"{}", an_index("primary"), b'<repomd><data type="updateinfo"/></repomd>']
)
def test_an_index_without_errata_leads_nowhere(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        updateinfo_in(data)


@pytest.mark.shared
def test_reads_the_sample_of_amazons_index() -> None:
    folder = shared("advisories", "samples", "amazon-updateinfo")

    found = updateinfo_in((folder / "vuls-data-update__repomd_valid.xml").read_bytes())

    assert found == "../repodata/updateinfo.xml.gz"
