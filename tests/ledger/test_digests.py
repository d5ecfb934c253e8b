"""Verification over layers: what the final file system holds is what is compared."""

import base64
import hashlib
import tarfile
from pathlib import Path

import pytest

from images import DEBIAN, STATUS, a_layer, a_layout
from lading.catalog import OS_CATALOGERS
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.ledger.digests import is_known
from lading.ledger.verify import Verified, verify
from lading.scan import Choices, inventory

Table = dict[str, bytes | tarfile.TarInfo]
ALPINE = b"ID=alpine\nVERSION_ID=3.20.0\n"
INFO = "var/lib/dpkg/info/thing"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def link(target: str, type: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo()
    entry.type, entry.linkname = type, target
    return entry


def verified(folder: Path, *layers: Table, limits: Limits | None = None) -> Verified:
    limits = limits or Limits()
    image = a_layout(folder / "image", *map(a_layer, layers))
    opened = open_target(parse(str(image)), None, limits)
    try:
        found = inventory(opened, Choices(catalogers=OS_CATALOGERS), lambda done, total: None)
        return verify(opened.layers, found.packages, is_layered=opened.is_layered)
    finally:
        opened.close()


def told(result: Verified) -> list[tuple[str, str, int | None]]:
    return [(one.path, one.state, one.layer) for one in result.modified]


def debian(*files: str, listed: tuple[str, ...] | None = None) -> Table:
    """A layer in which dpkg installed one package with these files, each holding its own name."""
    sums = "".join(f"{md5(name.encode())}  {name}\n" for name in files)
    lines = "".join(f"/{name}\n" for name in (files if listed is None else listed))
    return {
        "etc/os-release": DEBIAN,
        "var/lib/dpkg/status": STATUS,
        f"{INFO}.md5sums": sums.encode(),
        f"{INFO}.list": lines.encode(),
        **{name: name.encode() for name in files},
    }


def test_an_image_as_it_was_installed_has_nothing_to_tell(tmp_path: Path) -> None:
    result = verified(tmp_path, debian("bin/a", "bin/b"))

    assert (result.modified, result.problems, result.notes) == ((), (), ())


def test_the_layer_is_that_of_the_changed_file(tmp_path: Path) -> None:
    result = verified(tmp_path, debian("bin/a", "bin/b"), {"bin/a": b"x"}, {"bin/b": b"y"})

    assert told(result) == [("/bin/a", "changed", 1), ("/bin/b", "changed", 2)]


def test_a_file_that_was_changed_and_changed_back_is_as_installed(tmp_path: Path) -> None:
    assert told(verified(tmp_path, debian("bin/a"), {"bin/a": b"x"}, {"bin/a": b"bin/a"})) == []


def test_a_file_that_an_upper_layer_removed_is_missing(tmp_path: Path) -> None:
    result = verified(tmp_path, debian("bin/a"), {"bin/.wh.a": b""})

    assert told(result) == [("/bin/a", "missing", None)]
    assert result.modified[0].found is None


def test_a_folder_that_became_a_link_is_followed(tmp_path: Path) -> None:
    base: Table = {"usr/lib/keep": b"", "lib": link("usr/lib")}

    result = verified(tmp_path, base, debian("lib/a", "usr/lib/b"), {"usr/lib/a": b"x"})

    assert told(result) == [("/usr/lib/a", "changed", 2)]


def test_a_hard_link_is_compared_by_the_content_it_shares(tmp_path: Path) -> None:
    layer = debian("bin/a") | {"bin/b": link("bin/a", tarfile.LNKTYPE)}
    layer[f"{INFO}.md5sums"] = f"{md5(b'bin/a')}  bin/b\n".encode()
    layer[f"{INFO}.list"] = b"/bin/a\n/bin/b\n"

    assert told(verified(tmp_path / "1", layer)) == []

    layer["bin/a"] = b"x"

    assert told(verified(tmp_path / "2", layer)) == [("/bin/b", "changed", 0)]


def test_what_another_package_took_over_is_not_in_the_list_any_more(tmp_path: Path) -> None:
    layer = debian("bin/a", listed=("/bin/b",)) | {"bin/a": b"another's"}

    assert told(verified(tmp_path, layer)) == []


def test_distroless_images_have_digests_and_no_lists(tmp_path: Path) -> None:
    layer: Table = {
        "etc/os-release": DEBIAN,
        "var/lib/dpkg/status.d/thing": b"Package: thing\nVersion: 1\nArchitecture: amd64\n",
        "var/lib/dpkg/status.d/thing.md5sums": f"{md5(b'a')}  ./bin/a\n{md5(b'b')}  b\n".encode(),
        "bin/a": b"a",
        "b": b"x",
    }

    assert told(verified(tmp_path, layer)) == [("/b", "changed", 0)]


def test_digests_of_packages_that_are_gone_say_nothing(tmp_path: Path) -> None:
    layer = debian("bin/a") | {
        "var/lib/dpkg/info/gone.md5sums": f"{md5(b'')}  bin/gone\n".encode(),
        "bin/a": b"bin/a",
    }

    assert told(verified(tmp_path, layer)) == []


def test_a_layer_that_was_not_read_to_its_end_makes_nothing_missing(tmp_path: Path) -> None:
    upper: Table = {f"f{number}": b"" for number in range(20)}
    layers = (debian("bin/a"), {"bin/.wh.a": b"", **upper})

    assert told(verified(tmp_path, *layers, limits=Limits(entries=12))) == []


def test_a_file_too_large_to_be_read_is_a_problem(tmp_path: Path) -> None:
    layer = debian("bin/a") | {"bin/a": b"x" * 5000}

    result = verified(tmp_path, layer, limits=Limits(file_bytes=4000))

    assert told(result) == []
    assert [one.path for one in result.problems] == ["/bin/a"]
    assert "1 files could not be compared" in result.notes[0]


def q1(content: bytes) -> str:
    raw = hashlib.sha1(content, usedforsecurity=False).digest()
    return "Q1" + base64.b64encode(raw).decode()


def alpine(*lines: str) -> Table:
    record = "\n".join(("P:thing", "V:1-r0", "A:x86_64", *lines, "", ""))
    return {"etc/os-release": ALPINE, "lib/apk/db/installed": record.encode()}


def test_apk_keeps_digests_of_files_and_of_the_targets_of_links(tmp_path: Path) -> None:
    layer = alpine(
        "F:bin", "R:a", "a:0:0:755", f"Z:{q1(b'a')}", "R:l", f"Z:{q1(b'/bin/a')}",
        "R:m", f"Z:{q1(b'/bin/a')}", "F:etc", "M:0:0:1777", "R:conf", f"Z:{q1(b'conf')}",
        "F:", "R:top", f"Z:{q1(b'top')}",
    ) | {
        "bin/a": b"a", "bin/l": link("/bin/a"), "bin/m": link("/bin/b"), "etc/conf": b"x",
        "top": b"x",
    }  # fmt: skip

    result = verified(tmp_path, layer)

    assert told(result) == [
        ("/bin/m", "changed", 0),
        ("/etc/conf", "configuration", 0),
        ("/top", "changed", 0),
    ]
    assert result.modified[0].found == "link:/bin/b"
    assert (
        result.modified[0].package == "pkg:apk/alpine/thing@1-r0?arch=x86_64&distro=alpine-3.20.0"
    )


def test_a_sha_256_of_apk_is_compared_too(tmp_path: Path) -> None:
    digest = "Q2" + base64.b64encode(hashlib.sha256(b"a").digest()).decode()
    layer = alpine("F:bin", "R:a", f"Z:{digest}", "R:b", f"Z:{digest}")

    assert told(verified(tmp_path, layer | {"bin/a": b"a", "bin/b": b"b"})) == [
        ("/bin/b", "changed", 0)
    ]


def test_a_digest_of_no_known_form_is_a_problem_and_hides_no_other(tmp_path: Path) -> None:
    layer = alpine("F:bin", "R:a", "Z:Q9abc", "R:b", f"Z:{q1(b'b')}") | {"bin/b": b"x"}

    result = verified(tmp_path, layer)

    assert told(result) == [("/bin/b", "changed", 0)]
    assert "1 of its digests are of no known form" in result.problems[0].reason


def test_portage_keeps_digests_and_targets(tmp_path: Path) -> None:
    contents = (
        f"dir /usr\nobj /usr/a b {md5(b'a')} 1700000000\nobj /etc/c {md5(b'c')} 1700000000\n"
        "sym /usr/l -> a b 1700000000\nsym /usr/m -> a b 1700000000\n"
    )
    layer: Table = {
        "etc/os-release": b"ID=gentoo\n",
        "var/db/pkg/app-misc/thing-1.0-r1/CONTENTS": contents.encode(),
        "usr/a b": b"a",
        "etc/c": b"x",
        "usr/l": link("a b"),
        "usr/m": link("c"),
    }

    assert told(verified(tmp_path, layer)) == [
        ("/etc/c", "configuration", 0),
        ("/usr/m", "changed", 0),
    ]


@pytest.mark.parametrize(("algorithm", "answer"), [("sha256", True), ("openpgp-99", False)])
def test_an_algorithm_is_known_or_not(algorithm: str, answer: bool) -> None:
    assert is_known(algorithm) is answer
