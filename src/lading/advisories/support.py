"""A release of a distribution to the end of its support.

What the feeds of endoflife.date say comes first; where the database has none, a table of facts as
of 2026-05 that comes with Lading. The table's dates are those of endoflife.date, which takes them
from the distributions' own pages; see `lading.advisories.sources.endoflife` for what they mean.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from lading.model.advisory import Support
from lading.model.package import Release

# System → releases, each `number last-day [last day of extended support]`.
_FACTS: Mapping[str, tuple[str, ...]] = {
    "almalinux": ("8 2029-03-01", "9 2032-05-31", "10 2035-05-31"),
    "alpine": (
        "3.3 2017-11-01", "3.4 2018-05-01", "3.5 2018-11-01", "3.6 2019-05-01", "3.7 2019-11-01",
        "3.8 2020-05-01", "3.9 2020-11-01", "3.10 2021-05-01", "3.11 2021-11-01",
        "3.12 2022-05-01", "3.13 2022-11-01", "3.14 2023-05-01", "3.15 2023-11-01",
        "3.16 2024-05-23", "3.17 2024-11-22", "3.18 2025-05-09", "3.19 2025-11-01",
        "3.20 2026-04-01", "3.21 2026-11-01", "3.22 2027-05-01", "3.23 2027-11-01",
    ),
    "amzn": ("2018.03 2023-12-31", "2 2026-06-30", "2023 2028-03-15"),
    "centos": ("5 2017-03-31", "6 2020-11-30", "7 2024-06-30", "8 2024-05-31", "9 2027-05-31"),
    "debian": (
        "7 2018-05-31", "8 2020-06-30", "9 2022-07-01", "10 2024-06-30", "11 2026-08-31",
        "12 2028-06-30", "13 2030-06-30",
    ),
    "fedora": (
        "30 2020-05-26", "31 2020-11-24", "32 2021-05-25", "33 2021-11-30", "34 2022-06-07",
        "35 2022-12-13", "36 2023-05-16", "37 2023-12-05", "38 2024-05-21", "39 2024-11-26",
        "40 2025-05-13", "41 2025-12-15", "42 2026-05-13", "43 2026-12-09",
    ),
    "ol": (
        "6 2021-03-01 2024-12-01", "7 2024-12-01 2026-06-01", "8 2029-07-01 2031-07-01",
        "9 2032-06-30 2034-06-30",
    ),
    "opensuse-leap": (
        "15.0 2019-12-03", "15.1 2021-02-02", "15.2 2022-01-04", "15.3 2022-12-31",
        "15.4 2023-12-07", "15.5 2024-12-31", "15.6 2026-04-30", "16.0 2027-10-31",
    ),
    "rhel": (
        "5 2017-03-31 2020-11-30", "6 2020-11-30 2024-06-30", "7 2024-06-30 2028-06-30",
        "8 2029-05-31 2032-05-31", "9 2032-05-31 2035-05-31", "10 2035-05-31",
    ),
    "rocky": ("8 2029-05-31", "9 2032-05-31", "10 2035-05-31"),
    "sles": (
        "12 2016-06-30 2019-07-01", "12.1 2017-05-31 2020-05-31", "12.2 2018-03-31 2021-03-31",
        "12.3 2019-06-30 2022-06-30", "12.4 2020-06-30 2023-06-30", "12.5 2024-10-31 2027-10-31",
        "15 2019-12-31 2022-12-31", "15.1 2021-01-31 2024-01-31", "15.2 2021-12-31 2024-12-31",
        "15.3 2022-12-31 2025-12-31", "15.4 2023-12-31 2026-12-31", "15.5 2024-12-31 2027-12-31",
        "15.6 2025-12-31 2028-12-31", "15.7 2031-07-31 2034-07-31",
    ),
    "ubuntu": (
        "12.04 2017-04-28 2019-04-26", "14.04 2019-04-02 2024-04-02", "16.04 2021-04-02 2026-04-02",
        "18.04 2023-05-31 2028-04-01", "19.04 2020-01-23", "19.10 2020-07-06",
        "20.04 2025-05-31 2030-04-02", "20.10 2021-07-22", "21.04 2022-01-20", "21.10 2022-07-14",
        "22.04 2027-04-01 2032-04-09", "22.10 2023-07-20", "23.04 2024-01-20", "23.10 2024-07-12",
        "24.04 2029-05-31 2036-05-31", "24.10 2025-07-10", "25.04 2026-01-17", "25.10 2026-07-01",
        "26.04 2031-04-30 2036-04-30",
    ),
}  # fmt: skip

# Where 15 is a release beside 15.1, and no name for all of them.
_WHOLE = frozenset(("sles", "opensuse-leap", "ubuntu"))


def support_of(release: Release, known: Iterable[Support]) -> Support | None:
    """Return what is known of the release's support; `known` is what the database has of it."""
    version = release.version_id or ""
    by_release = {one.release: one for one in (*_facts(release.id), *known)}
    if release.id in _WHOLE:
        return by_release.get(version)
    parts = version.split(".")
    numbers = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((by_release[number] for number in numbers if number in by_release), None)


def is_supported(support: Support, today: date) -> bool | None:
    """Tell whether everybody still gets fixes on that day; None where it is not known."""
    if support.ends is None:
        return None if support.ended is None else not support.ended
    return today.isoformat() <= support.ends


def _facts(system: str) -> Iterable[Support]:
    for row in _FACTS.get(system, ()):
        release, ends, *more = row.split()
        yield Support(system=system, release=release, ends=ends, extended=more[0] if more else None)
