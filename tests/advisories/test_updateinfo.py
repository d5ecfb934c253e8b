"""Errata of rpm repositories, in the shapes of the distributions' `updateinfo.xml`."""

import gzip

import pytest

from lading.advisories.format import HEAD
from lading.advisories.sources.updateinfo import UPDATEINFO, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory
from shared_data import shared


def a_package(
    name: str = "thing", *, release: str = "1.el9", arch: str = "x86_64", epoch: str = ' epoch="1"'
) -> str:
    return f'<package name="{name}" version="2" release="{release}"{epoch} arch="{arch}"/>'


def an_update(
    id: str = "ALSA-2026:0001",
    *packages: str,
    kind: str = "security",
    module: str = "",
    short: str = "",
    release: str = "",
    reference: str = '<reference href="https://example.org/1" id="CVE-2026-1000" type="cve"/>',
    severity: str = "Important",
) -> str:
    return f"""<update from="x" status="final" type="{kind}" version="1.4"><id>{id}</id>
      <title>  {severity}:
      thing update</title><issued date="2026-01-01 10:00"/><updated date="2026-01-02 11:12:13"/>
      <severity>{severity}</severity><release>{release}</release>
      <references>{reference}</references>
      <pkglist><collection short="{short}"><name>n</name>{module}
      {"".join(packages or (a_package(),))}</collection></pkglist></update>"""


def a_document(*updates: str) -> bytes:
    return f'<?xml version="1.0"?>\n<updates>{"".join(updates)}</updates>'.encode()


def the_one(update: str) -> Advisory:
    (one,) = parse(a_document(update)).advisories
    return one


def test_an_erratum_mends_packages() -> None:
    one = the_one(an_update())

    assert (one.id, one.upstream, one.rating) == (
        "ALSA-2026:0001",
        ("CVE-2026-1000",),
        "important",
    )
    assert (one.published, one.modified) == ("2026-01-01T10:00:00Z", "2026-01-02T11:12:13Z")
    assert (one.title, one.references) == ("Important: thing update", ("https://example.org/1",))
    (affected,) = one.affected
    assert (affected.ecosystem, affected.name, affected.of) == ("AlmaLinux:9", "thing", "binary")
    assert [event.version for event in affected.ranges[0].events] == ["0", "1:2-1.el9"]


def test_a_package_of_several_architectures_is_listed_once_and_its_source_apart() -> None:
    packages = [a_package(arch=arch) for arch in ("x86_64", "aarch64", "src")]

    found = the_one(an_update("ALSA-2026:0001", *packages)).affected

    assert [(one.of, one.arches) for one in found] == [
        ("binary", ("aarch64", "x86_64")),
        ("source", ()),
    ]


def test_packages_of_a_module_say_which() -> None:
    module = '<module name="nodejs" stream="18" version="1" context="c" arch="x86_64"/>'

    assert the_one(an_update(module=module)).affected[0].module == "nodejs:18"


@pytest.mark.parametrize(
    ("id", "short", "release", "dist", "ecosystem", "tier"),
    [
        ("ALAS-2011-1", "amazon-linux-ami", "", "amzn1", "Amazon Linux:1", None),
        ("ALAS2-2018-939", "amazon-linux-2", "", "amzn2", "Amazon Linux:2", None),
        ("ALAS2-2018-939", "", "", "amzn2", "Amazon Linux:2", None),
        ("ALAS2023-2023-001", "amazon-linux-2023", "", "amzn2023", "Amazon Linux:2023", None),
        (
            "ALAS2KERNEL-5.15-2022-001",
            "amazon-linux-2---kernel-5.15",
            "",
            "amzn2",
            "Amazon Linux:2",
            "kernel-5.15",
        ),
        ("ALAS2023LIVEPATCH-2023-001", "", "", "amzn2023", "Amazon Linux:2023", "livepatch"),
        ("FEDORA-2026-0a1b2c3d4e", "", "Fedora 43", "fc43", "Fedora:43", None),
        ("FEDORA-2026-0a1b2c3d4e", "", "", "fc43", "Fedora:43", None),
        ("FEDORA-EPEL-2026-0a1b2c3d4e", "", "Fedora EPEL 9", "el9", "EPEL:9", None),
        ("ALSA-2026:0001", "", "", "el8_10", "AlmaLinux:8", None),
        ("RLSA-2026:0001", "", "", "el9", "Rocky Linux:9", None),
        ("RXSA-2026:0001", "", "", "el8", "Rocky Linux:8", None),
        ("ELSA-2026-0001", "", "", "el9", "Oracle Linux:9", None),
    ],
)
def test_the_id_says_whose_it_is(
    id: str, short: str, release: str, dist: str, ecosystem: str, tier: str | None
) -> None:
    update = an_update(id, a_package(release=f"1.{dist}"), short=short, release=release)

    (affected,) = the_one(update).affected

    assert (affected.ecosystem, affected.tier) == (ecosystem, tier)


@pytest.mark.parametrize(
    ("arches", "feed"),
    [
        (("x86_64", "i686", "noarch"), "updateinfo/almalinux/9/x86_64"),
        (("x86_64", "aarch64"), "updateinfo/almalinux/9"),
        (("noarch",), "updateinfo/almalinux/9"),
    ],
)
def test_repositories_of_one_architecture_are_feeds_of_their_own(
    arches: tuple[str, ...], feed: str
) -> None:
    packages = [a_package(arch=arch) for arch in arches]

    assert parse(a_document(an_update("ALSA-2026:0001", *packages))).feed == feed


def test_fedora_names_vulnerabilities_in_the_titles_of_bugs() -> None:
    bug = '<reference id="1" type="bugzilla" title="CVE-2026-7 thing: x; CVE-2026-1000 y"/>'

    found = the_one(
        an_update("FEDORA-2026-1", a_package(release="1.fc43"), kind="bugfix", reference=bug)
    )

    assert found.upstream == ("CVE-2026-1000",)


def test_errata_of_bugs_are_no_advisories() -> None:
    bug = an_update("ALBA-2026:0002", kind="bugfix", reference="")

    assert [one.id for one in parse(a_document(bug, an_update())).advisories] == ["ALSA-2026:0001"]
    with pytest.raises(InvalidRecord, match="about a vulnerability"):
        parse(a_document(bug))


def test_no_severity_is_no_rating() -> None:
    assert the_one(an_update(severity="None")).rating is None


@pytest.mark.parametrize(
    ("broken", "where", "why"),
    [
        (an_update("XSA-1"), "XSA-1", "no distribution"),
        (an_update(""), "an erratum without id", "no distribution"),
        (an_update("ALSA-2026:2", a_package(release="1")), "ALSA-2026:2", "no distribution"),
        (an_update("ALSA-2026:3", a_package("")), "ALSA-2026:3", "without name"),
        (an_update("ALSA-2026:4", a_package(epoch=' epoch="x"')), "ALSA-2026:4", "without name"),
    ],
)
def test_a_broken_erratum_is_rejected_alone(broken: str, where: str, why: str) -> None:
    parsed = parse(a_document(an_update(), broken))

    assert [one.id for one in parsed.advisories] == ["ALSA-2026:0001"]
    assert parsed.rejected[0][0] == where
    assert why in parsed.rejected[0][1]


@pytest.mark.parametrize(
    "data",
    [
        b"<updates/>",
        b"<updates><update/></updates>",
        b"<updates><!-- -->",
        a_document(an_update("SUSE-2026-1")),
    ],
)
def test_a_document_without_any_erratum_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        parse(data)


def test_an_absent_epoch_is_none() -> None:
    (affected,) = the_one(an_update("ALSA-2026:1", a_package(epoch=""))).affected

    assert affected.ranges[0].events[1].version == "0:2-1.el9"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "id", "feed", "vulnerabilities", "packages"),
    [
        ("1", "ALAS-2011-1", "1", 1, 1),
        ("2", "ALAS2-2018-939", "2/x86_64", 2, 1),
        ("2022", "ALAS2022-2021-001", "2022/x86_64", 4, 2),
        ("2023", "ALAS2023-2023-001", "2023", 2, 21),
        (
            "2023_kernel-livepatch",
            "ALAS2023LIVEPATCH-2023-001",
            "2023/kernel-livepatch/x86_64",
            1,
            1,
        ),
        ("2023_nvidia", "ALAS2023NVIDIA-2025-001", "2023/nvidia/x86_64", 1, 6),
        ("2_kernel-5.15", "ALAS2KERNEL-5.15-2022-001", "2/kernel-5.15", 13, 16),
    ],
)
def test_reads_the_samples_of_amazon(
    name: str, id: str, feed: str, vulnerabilities: int, packages: int
) -> None:
    file = shared(
        "advisories", "samples", "amazon-updateinfo", f"vuls-data-update__updateinfo_{name}.xml.gz"
    )

    data = gzip.decompress(file.read_bytes())
    parsed = parse(data)

    assert UPDATEINFO.claims(data[:HEAD])
    assert (parsed.feed, parsed.rejected) == (f"updateinfo/amazon/{feed}", ())
    (one,) = parsed.advisories
    assert (one.id, len(one.upstream), len(one.affected)) == (id, vulnerabilities, packages)
