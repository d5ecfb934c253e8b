"""What was recognised in files, beside the packages that brought those files."""

from collections.abc import Iterator

import pytest

from catalog.assembling import ALL, inventory
from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.ledger import explain
from lading.model.package import Evidence, Fact, Ownership, Package


def _recognised(file: ImageFile) -> Iterator[Fact]:
    """`\\x7fELF NAME VERSION EVIDENCE` a line."""
    for line in bytes(file.data)[4:].decode().splitlines():
        name, version, evidence = line.split()
        yield Package(
            type="generic", name=name, version=version, paths=(file.path,),
            evidence=Evidence(evidence), proof=f"{name} {version}",
        )  # fmt: skip


def _wheel(file: ImageFile) -> Iterator[Fact]:
    """`TYPE NAME VERSION [PATH…]`: a package that lists its files."""
    type, name, version, *paths = bytes(file.data).decode().split()
    yield Package(type=type, name=name, version=version, paths=(file.path,))
    yield Ownership(type=type, name=name, version=version, paths=tuple(paths))


RECOGNISED = Cataloger(name="recognised", revision=1, content=(Content.ELF,), read=_recognised)
LISTED = Cataloger(
    name="listed", revision=1, wants=("**/RECORD", "**/package.json", "**/*.gemspec"), read=_wheel
)
CATALOGERS = (ALL[0], RECOGNISED, LISTED)

OPENSSL = b"\x7fELFopenssl 3.0.1 bundled"
BUSYBOX = b"\x7fELFbusybox 1.35.0 content"


def packages(files: dict[str, bytes]) -> dict[str, Package]:
    return {one.name: one for one in inventory(files, catalogers=CATALOGERS).packages}


def unexplained(files: dict[str, bytes]) -> list[str]:
    result = inventory(files, catalogers=CATALOGERS)
    _, left = explain(result.executables, result.packages, is_layered=True)
    return [one.path for one in left]


def test_what_the_system_installed_is_its_package_and_nothing_else() -> None:
    found = packages(
        {"var/lib/db": b"libssl 3.0.1-1 amd64 /usr/lib/ssl.so", "usr/lib/ssl.so": OPENSSL}
    )

    assert set(found) == {"libssl"}


def test_a_copy_beside_the_system_s_own_is_listed_with_its_own_path() -> None:
    found = packages({
        "var/lib/db": b"libssl 3.0.1-1 amd64 /usr/lib/ssl.so",
        "usr/lib/ssl.so": OPENSSL,
        "opt/ssl.so": OPENSSL,
    })  # fmt: skip

    assert found["openssl"].paths == ("/opt/ssl.so",)
    assert found["openssl"].owner is None


def test_a_library_in_a_wheel_is_bundled_and_the_wheel_depends_on_it() -> None:
    found = packages({
        "site/RECORD": b"pypi thing 1.0 /site/thing.libs/ssl.so",
        "site/thing.libs/ssl.so": b"\x7fELFopenssl 3.0.1 content",
        "opt/box": BUSYBOX,
    })  # fmt: skip

    assert found["openssl"].evidence is Evidence.BUNDLED
    assert found["openssl"].parent == found["thing"].id
    assert found["thing"].depends_on == (found["openssl"].id,)
    assert found["busybox"].evidence is Evidence.CONTENT
    assert found["busybox"].parent is None


def test_a_library_in_the_folder_of_an_npm_package_is_bundled_by_it() -> None:
    found = packages({
        "app/node_modules/thing/package.json": b"npm thing 1.0",
        "app/node_modules/thing/build/thing.node": OPENSSL,
        "app/other.node": b"\x7fELFzlib 1.3 bundled",
    })  # fmt: skip

    assert found["thing"].depends_on == (found["openssl"].id,)
    assert found["openssl"].parent == found["thing"].id
    assert found["zlib"].parent is None


@pytest.mark.parametrize("path", [
    "gems/thing-1.0-x86_64-linux/lib/thing/3.1/thing.so",
    "extensions/x86_64-linux/3.1.0/thing-1.0-x86_64-linux/thing/thing.so",
])  # fmt: skip
def test_a_library_in_the_files_of_a_gem_is_bundled_by_it(path: str) -> None:
    found = packages({
        "opt/specifications/thing-1.0-x86_64-linux.gemspec": b"gem thing 1.0",
        f"opt/{path}": OPENSSL,
        "opt/gems/other-1.0/lib/other.so": b"\x7fELFzlib 1.3 bundled",
    })  # fmt: skip

    assert found["openssl"].parent == found["thing"].id
    assert found["zlib"].parent is None


def test_a_library_in_two_wheels_is_one_package_that_both_depend_on() -> None:
    found = packages({
        "a/RECORD": b"pypi a 1 /a/x.so",
        "a/x.so": OPENSSL,
        "b/RECORD": b"pypi b 1 /b/x.so",
        "b/x.so": OPENSSL,
    })  # fmt: skip

    assert found["openssl"].paths == ("/a/x.so", "/b/x.so")
    assert found["a"].depends_on == found["b"].depends_on == (found["openssl"].id,)
    assert found["openssl"].parent is None


def test_a_package_that_says_the_same_of_its_file_is_not_repeated() -> None:
    found = packages({"opt/RECORD": b"conda openssl 3.0.1 /opt/ssl.so", "opt/ssl.so": OPENSSL})

    assert [one.type for one in found.values()] == ["conda"]


def test_a_package_of_another_version_does_not_hide_what_is_in_its_file() -> None:
    found = inventory(
        {"opt/RECORD": b"conda openssl 3.0.2 /opt/ssl.so", "opt/ssl.so": OPENSSL},
        catalogers=CATALOGERS,
    )

    assert sorted((one.type, one.version) for one in found.packages) == [
        ("conda", "3.0.2"),
        ("generic", "3.0.1"),
    ]


def test_a_program_explains_its_file_and_a_library_in_it_does_not() -> None:
    files = {
        "opt/box": BUSYBOX,
        "opt/server": b"\x7fELFzlib 1.3 bundled",
        "opt/web": b"\x7fELFzlib 1.3 bundled\nnginx 1.25.3 content",
        "opt/libz.so": b"\x7fELFzlib 1.3 content",
    }

    assert unexplained(files) == ["/opt/server"]


def test_what_was_recognised_appears_with_its_layer_and_goes_with_its_file() -> None:
    result = inventory(
        {"opt/box": BUSYBOX}, {"opt/server": OPENSSL, "opt/.wh.box": b""}, catalogers=CATALOGERS
    )

    assert [(one.name, one.layer) for one in result.packages] == [("openssl", 1)]
