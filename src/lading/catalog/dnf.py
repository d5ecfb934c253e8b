"""The repository that each rpm came from, as dnf, dnf5 and yum keep it beside rpm's database.

Forms: dnf 4's history.sqlite (tables rpm, trans_item and repo,
https://github.com/rpm-software-management/libdnf/blob/dnf-4-master/libdnf/transaction/Swdb.cpp),
dnf 5's nevras.toml
(https://man.archlinux.org/man/dnf5-system-state.7.en), and
yum's yumdb, a folder CHECKSUM-NAME-VERSION-RELEASE-ARCH for each package with a file `from_repo`
(https://man7.org/linux/man-pages/man8/yumdb.8.html).
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.sqlite import read_rows
from lading.catalog.toml_document import read_toml
from lading.catalog.wording import refuse, word
from lading.errors import CatalogError
from lading.model.package import Ownership

_INSTALLING = "1, 2, 4, 6, 9"  # install, downgrade, obsolete another, upgrade, reinstall
_TABLES = (
    "trans_item JOIN rpm ON rpm.item_id = trans_item.item_id"
    f" JOIN repo ON repo.id = trans_item.repo_id WHERE trans_item.action IN ({_INSTALLING})"
    " ORDER BY trans_item.id"
)
_COLUMNS = "rpm.name, rpm.epoch, rpm.version, rpm.release, rpm.arch, repo.repoid"
_OWN = "@System"  # dnf's name for what is installed already


def read_dnf(file: ImageFile) -> Iterator[Ownership]:
    """Yield, for each package the file knows, the repository it came from; it owns no files.

    Raises CatalogError for a file of another form, and, after the others were yielded, when rows
    of it cannot be understood.
    """
    name = file.path.rpartition("/")[2]
    if name == "from_repo":
        yield _of_yum(file)
    elif name == "nevras.toml":
        yield from _of_dnf5(file)
    else:
        yield from _of_dnf4(file)


def _of_dnf4(file: ImageFile) -> Iterator[Ownership]:
    broken = 0
    for name, epoch, version, release, arch, repository in read_rows(
        file.path, file.data, _TABLES, _COLUMNS
    ):
        fit = [word(one) for one in (name, version, release, repository)]
        if None in fit or not isinstance(epoch, int):
            broken += 1
        elif fit[3] != _OWN:
            yield _record(str(fit[0]), f"{epoch}:{fit[1]}-{fit[2]}", word(arch), fit[3])
    if broken:
        raise CatalogError(f"{file.path}: {broken} of its rows are no packages")


def _of_dnf5(file: ImageFile) -> Iterator[Ownership]:
    rows = read_toml(file.path, file.data).get("nevras")
    if not isinstance(rows, dict):
        raise CatalogError(f"{file.path}: it has no table nevras")
    broken = 0
    for nevra, facts in rows.items():
        repository = word(facts.get("from_repo")) if isinstance(facts, dict) else None
        parts = _parts(nevra)
        if parts is None:
            broken += 1
        elif repository is not None:
            yield _record(*parts, repository)
    if broken:
        raise CatalogError(f"{file.path}: {broken} of its keys are no packages")


def _of_yum(file: ImageFile) -> Ownership:
    folder = file.path.rsplit("/", 2)[1]
    repository = word(bytes(file.data[:4096]).decode("utf-8", "replace"))
    if repository is None:
        raise refuse(file.path, "repository", None)
    head, _, arch = folder.partition("-")[2].rpartition("-")  # behind a checksum of the package
    name, *rest = head.rsplit("-", 2)
    if len(rest) != 2 or not name:
        raise CatalogError(f"{file.path}: its folder names no package and version")
    return _record(name, "-".join(rest), arch or None, repository)


def _parts(nevra: str) -> tuple[str, str, str] | None:
    """Return name, version and architecture of `name-[epoch:]version-release.arch`."""
    stem, _, arch = nevra.rpartition(".")
    name, *rest = stem.rsplit("-", 2)
    if len(rest) != 2 or word(nevra) is None or not name or not arch:
        return None
    return name, "-".join(rest), arch


def _record(name: str, version: str, arch: str | None, repository: str | None) -> Ownership:
    return Ownership(
        type="rpm", name=name, version=version, arch=arch, paths=(), repository=repository
    )


DNF = Cataloger(
    name="dnf",
    revision=1,
    wants=(
        "/var/lib/dnf/history.sqlite",
        "/var/lib/dnf/history.sqlite-wal",
        "/usr/lib/sysimage/libdnf5/nevras.toml",
        "/usr/lib/sysimage/dnf/history.sqlite",
        "/var/lib/yum/yumdb/*/*/from_repo",
    ),
    max_size=256 << 20,
    read=read_dnf,
)
