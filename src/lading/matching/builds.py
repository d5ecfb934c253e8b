"""What rpm leaves unsaid: the epoch of a source package, and whose build a record is about.

Epochs: the file name of a source rpm leaves its epoch out, while records state it; taking it for
zero makes packages affected that are not.
Modules: a module's builds and the distribution's own carry one name with unlike versions, and a
record is about one of them (https://docs.fedoraproject.org/en-US/modularity/). Their release says
`.module`.
"""

from dataclasses import replace

from lading.matching.affects import Verdict, affects
from lading.model.advisory import Affected, EventKind, Range
from lading.model.match import Answer
from lading.model.package import Package

_MODULE = ".module"
_ENDS = frozenset((EventKind.FIXED, EventKind.LAST_AFFECTED))


def is_modular(package: Package) -> bool:
    """Say whether the package is a build of a module."""
    return package.module is not None or _MODULE in (package.version or "")


def other_build(affected: Affected, *, modular: bool) -> str | None:
    """Return why the record is not about such builds, or None when it is or does not say.

    `modular` is whether the package that it is held against is a build of a module.
    """
    ends = [event.version for one in affected.ranges for event in one.events if event.kind in _ENDS]
    if not ends or any((_MODULE in end) is modular for end in ends):
        return None
    if modular:
        return f"the record is about builds outside of modules ({ends[0]}), and this is a module's"
    return f"the record is about builds of a module ({ends[0]}), and this is none"


def affects_source(
    affected: Affected, version: str, scheme: str | None, *, explained: bool = True
) -> Verdict:
    """Answer for a source rpm whose epoch is not known; `version` has that of the binary package.

    The answer stands only when it is the same with all epochs left out.
    """
    with_epoch = affects(affected, version, scheme, explained=explained)
    without = affects(_without_epochs(affected), _bare(version), scheme, explained=explained)
    if with_epoch.answer is without.answer:
        return with_epoch
    return Verdict(
        Answer.UNKNOWN,
        f"the image does not say the epoch of the source package: {version} is "
        f"{with_epoch.answer}, {_bare(version)} without epochs is {without.answer}",
    )


def _bare(version: str) -> str:
    epoch, _, rest = version.partition(":")
    return rest if rest and epoch.isdigit() else version


def _without_epochs(affected: Affected) -> Affected:
    return replace(
        affected,
        ranges=tuple(map(_without_epoch, affected.ranges)),
        versions=tuple(map(_bare, affected.versions)),
    )


def _without_epoch(one: Range) -> Range:
    events = tuple(replace(event, version=_bare(event.version)) for event in one.events)
    return replace(one, events=events)
