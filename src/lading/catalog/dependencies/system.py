"""What packages of operating systems ask for: names, alternatives, and names that others provide.

Rules: https://www.debian.org/doc/debian-policy/ch-relationships.html for Debian and OpenWrt,
https://wiki.alpinelinux.org/wiki/Apk_spec for Alpine (`so:`, `cmd:` and `pc:` are names like any
other), and https://man.archlinux.org/man/PKGBUILD.5 for Arch Linux. Bounds on versions are not
checked: their package manager installed them together.
"""

from collections.abc import Iterable, Sequence

from lading.catalog.dependencies.rule import NEUTRAL, Edges, Surroundings, commonest_arch
from lading.model.package import Package


def edges(packages: Sequence[Package], _around: Surroundings) -> Edges:
    """Yield an edge to each package that a requirement can be met with.

    Of alternatives, and of several packages that provide a name, all that are installed count: the
    system keeps working while one of them is left, so none is the only one.
    """
    answers = Answers(packages)
    for package in packages:
        for requirement in package.requires:
            found = [one for name in _names(requirement) for one in answers.to(name, package)]
            if not any(one is package for one in found):
                for one in found:
                    yield package.id, one.id


def _names(requirement: str) -> Iterable[str]:
    """Return the alternatives' names; `!name` asks for its absence."""
    if "|" in requirement:
        return [part.strip() for part in requirement.split("|")]
    return () if requirement.startswith("!") else (requirement,)


class Answers:
    """Packages by the names that they answer to."""

    def __init__(self, packages: Sequence[Package]) -> None:
        self._named: dict[str, list[Package]] = {}
        self._provided: dict[str, list[Package]] = {}
        self._native = _native_arch(packages)
        for package in packages:
            self._named.setdefault(package.name, []).append(package)
            for name in package.provides:
                self._provided.setdefault(_unqualified(name, package), []).append(package)

    def to(self, name: str, asking: Package) -> list[Package]:
        """Return those called so, else those that provide it, of the asking one's architecture.

        Names may end in an architecture, or `:any`, which stands for the asking one's here too.
        """
        bare = _unqualified(name, asking)
        found = self._named.get(bare) or self._provided.get(bare) or []
        return self._nearest(found, asking) if len(found) > 1 else found

    def provided(self, name: str, asking: Package) -> list[Package]:
        """Return all that are called so or provide it."""
        found = [*self._named.get(name, ()), *self._provided.get(name, ())]
        return self._nearest(found, asking) if len(found) > 1 else found

    def _nearest(self, found: list[Package], asking: Package) -> list[Package]:
        arch = self._native if asking.arch is None or asking.arch in NEUTRAL else asking.arch
        fitting = [
            one for one in found if one.arch is None or one.arch == arch or one.arch in NEUTRAL
        ]
        found = fitting or found
        # Of one package in several versions (kernels), that of the asking package's own build.
        twins = {one.name for one in found if one.version == asking.version}
        return [one for one in found if one.version == asking.version or one.name not in twins]


def _unqualified(name: str, package: Package) -> str:
    """Return the name without `:any` or `:amd64`; apk's `so:libc.so.6` has a name behind it."""
    return name.partition(":")[0] if package.type in ("deb", "opkg") else name


def _native_arch(packages: Sequence[Package]) -> str | None:
    """Return what `all` means: the architecture of dpkg itself, else the commonest."""
    manager = next((one.arch for one in packages if one.name == "dpkg" and one.arch), None)
    return manager or commonest_arch(packages)
