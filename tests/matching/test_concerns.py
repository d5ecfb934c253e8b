"""What a record narrows itself to is looked at before any version is."""

from typing import Any

import pytest

from lading.matching.concerns import by_record, elsewhere, has_tier, is_mending
from lading.matching.ecosystems import By, Place
from lading.matching.releases import Naming
from lading.model.advisory import Affected, Candidate, Event, EventKind, Range, tier_of
from lading.model.coordinate import Coordinate
from lading.model.match import Answer, Match
from lading.model.package import Package

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN


def an_rpm(version: str = "1.0-1", **facts: Any) -> Package:
    return Package(type="rpm", name="thing-libs", version=version, paths=("/db",), **facts)


def affected(
    ecosystem: str = "Rocky Linux:9", *, fixed: str | None = None, **facts: Any
) -> Affected:
    events = [Event(kind=EventKind.INTRODUCED, version="0")]
    if fixed is not None:
        events.append(Event(kind=EventKind.FIXED, version=fixed))
    ranges = (Range(type="ECOSYSTEM", events=tuple(events)),)
    return Affected(ecosystem=ecosystem, name="thing", ranges=ranges, **facts)


def why(
    one: Affected,
    package: Package | None = None,
    *,
    by: By = By.NAME,
    naming: Naming = Naming.EITHER,
    is_beside: bool = True,
) -> str | None:
    place = Place(Coordinate(one.ecosystem, one.name), "1.0-1", by=by)
    return elsewhere(one, package or an_rpm(), place, naming, is_beside=is_beside)


@pytest.mark.parametrize(
    ("of", "naming", "by", "is_about"),
    [
        pytest.param("binary", Naming.EITHER, By.BINARY, True, id="binary, by its name"),
        pytest.param("binary", Naming.EITHER, By.NAME, True, id="binary, one name for both"),
        pytest.param("binary", Naming.EITHER, By.SOURCE, False, id="binary, a sibling"),
        pytest.param("binary", Naming.EITHER, By.INSIDE, False, id="binary, built into another"),
        pytest.param("source", Naming.EITHER, By.SOURCE, True, id="source, by it"),
        pytest.param("source", Naming.EITHER, By.INSIDE, True, id="source, built into another"),
        pytest.param("source", Naming.EITHER, By.BINARY, False, id="source, another's binary"),
        pytest.param(None, Naming.BINARY, By.SOURCE, False, id="unsaid, the feed names binaries"),
        pytest.param(None, Naming.SOURCE, By.BINARY, False, id="unsaid, the feed names sources"),
        pytest.param(None, Naming.EITHER, By.SOURCE, True, id="unsaid, the feed names either"),
        pytest.param("source", Naming.BINARY, By.SOURCE, True, id="said goes before custom"),
        pytest.param("module", Naming.BINARY, By.MODULE, True, id="a module as a whole"),
        pytest.param("module", Naming.EITHER, By.NAME, False, id="a module is no package"),
        pytest.param(None, Naming.EITHER, By.MODULE, False, id="a package is no module"),
        pytest.param("somebody's", Naming.EITHER, By.NAME, True, id="a word that is not known"),
    ],
)
def test_a_name_is_that_of_a_source_or_of_an_installed_package(
    of: str | None, naming: Naming, by: By, is_about: bool
) -> None:
    assert (why(affected(of=of), by=by, naming=naming) is None) is is_about


@pytest.mark.parametrize(
    ("arches", "arch", "of", "is_about"),
    [
        pytest.param(("x86_64",), "x86_64", "binary", True, id="the same"),
        pytest.param(("x86_64",), "aarch64", "binary", False, id="another"),
        pytest.param(("x86_64",), "noarch", None, False, id="none of its own"),
        pytest.param(("noarch", "x86_64"), "noarch", None, True, id="none, and listed"),
        pytest.param(("x86_64",), None, "binary", True, id="not known"),
        pytest.param((), "aarch64", "binary", True, id="of all"),
        pytest.param(("x86_64",), "aarch64", "source", True, id="a source is of all"),
    ],
)
def test_a_record_may_be_about_some_architectures(
    arches: tuple[str, ...], arch: str | None, of: str | None, is_about: bool
) -> None:
    assert (why(affected(arches=arches, of=of), an_rpm(arch=arch)) is None) is is_about


@pytest.mark.parametrize(
    ("module", "package", "is_about"),
    [
        pytest.param("perl:5.30", an_rpm(module="perl:5.30:8040:1"), True, id="its stream"),
        pytest.param("perl:5.30", an_rpm(module="perl:5.26:8040:1"), False, id="another stream"),
        pytest.param("perl:5.30", an_rpm(module="ruby:5.30:8040:1"), False, id="another module"),
        pytest.param("perl:5.30", an_rpm(), False, id="no module"),
        pytest.param("perl:5.30", an_rpm("1-1.module_el8+1"), True, id="a module without a label"),
        pytest.param(None, an_rpm(), True, id="no module anywhere"),
    ],
)
def test_a_record_may_be_about_one_stream_of_a_module(
    module: str | None, package: Package, is_about: bool
) -> None:
    assert (why(affected(module=module), package) is None) is is_about


@pytest.mark.parametrize(
    ("tier", "package", "is_beside", "is_about"),
    [
        pytest.param("fips-updates", an_rpm(), True, False, id="builds beside the others"),
        pytest.param("fips-updates", an_rpm("1.0-1.fips.2"), True, True, id="by the version"),
        pytest.param("nginx1", an_rpm(repository="amzn2extra-nginx1"), True, True, id="by where"),
        pytest.param("nginx1", an_rpm(), False, True, id="what nobody else has"),
        pytest.param("esm-infra", an_rpm(), True, True, id="a tier that mends what all have"),
    ],
)
def test_a_record_may_be_about_the_builds_of_a_tier(
    tier: str, package: Package, is_beside: bool, is_about: bool
) -> None:
    assert (why(affected(tier=tier), package, is_beside=is_beside) is None) is is_about


@pytest.mark.parametrize(
    ("one", "tier"),
    [
        (affected("Ubuntu:16.04:LTS"), None),
        (affected("Ubuntu:Pro:16.04:LTS"), "esm"),
        (affected("Ubuntu:Pro:16.04:LTS", tier="esm-apps"), "esm-apps"),
        (affected("Ubuntu:Pro:FIPS-updates:18.04:LTS"), "fips-updates"),
        (affected("Red Hat:rhel_eus:9.2::baseos"), "eus"),
        (affected("Red Hat:enterprise_linux:9::baseos"), None),
    ],
)
def test_a_tier_is_said_by_the_feed_or_by_the_ecosystem(one: Affected, tier: str | None) -> None:
    assert tier_of(one) == tier


@pytest.mark.parametrize("tier", ["esm-infra", "esm-apps", "eus", "aus", "e4s", "els", "pro"])
def test_some_tiers_mend_what_everybody_has(tier: str) -> None:
    assert is_mending(tier)


@pytest.mark.parametrize("tier", ["fips", "kernel-5.15", "livepatch", "nvidia", "realtime"])
def test_others_are_builds_of_their_own(tier: str) -> None:
    assert not is_mending(tier)


def test_a_package_is_of_a_tier_by_its_version_or_its_repository() -> None:
    assert has_tier("esm-apps", an_rpm("1.0-1ubuntu1+esm2"))
    assert has_tier("eus", an_rpm(repository="rhel-9-for-x86_64-baseos-eus-rpms"))
    assert not has_tier("eus", an_rpm(repository="rhel-9-for-x86_64-baseos-rpms"))


PRO, ALL = "Ubuntu:Pro:16.04:LTS", "Ubuntu:16.04:LTS"


def a_match(
    one: Affected,
    answer: Answer,
    rule: str,
    *,
    fixed: tuple[str, ...] = (),
    version: str = "1",
    elsewhere: bool = False,
) -> Match:
    return Match(
        package=Package(type="deb", name="thing", version=version, paths=("/db",)),
        candidate=Candidate(advisory="UBUNTU-CVE-1", feed="osv/Ubuntu", affected=one),
        answer=answer,
        rule=rule,
        fixed=fixed,
        elsewhere=elsewhere,
    )


def settled(*matches: Match) -> list[tuple[Answer, str, tuple[str, ...]]]:
    return [(one.answer, one.rule, one.fixed) for one in by_record(matches)]


def test_without_tiers_nothing_changes() -> None:
    matches = (a_match(affected(ALL), YES, "is below"), a_match(affected(ALL), NO, "is not"))

    assert by_record(matches) is matches


def test_a_fix_for_a_tier_alone_is_named_and_is_none_for_others() -> None:
    theirs = a_match(affected(PRO, fixed="2~esm1"), YES, "1 is below 2~esm1", fixed=("2~esm1",))

    assert settled(theirs) == [
        (YES, "1 is below 2~esm1; not fixed here: 2~esm1 is for those who have esm", ())
    ]


def test_what_the_tier_has_not_fixed_either_is_said() -> None:
    assert settled(a_match(affected(PRO), YES, "1 is affected")) == [
        (YES, "1 is affected; not fixed for esm either", ())
    ]


def test_the_word_for_everybody_goes_before_the_tier_s_and_names_its_fix() -> None:
    ours = a_match(affected(ALL), YES, "1 is affected like every version")
    theirs = a_match(affected(PRO, fixed="2~esm1"), YES, "1 is below 2~esm1", fixed=("2~esm1",))

    assert settled(ours, theirs) == [
        (
            YES,
            "1 is affected like every version; not fixed here: 2~esm1 is for those who have esm",
            (),
        ),
        (NO, "the record's word for everybody counts, and this one is for esm", ()),
    ]


def test_what_everybody_has_fixed_is_not_affected_by_the_tier_s_word() -> None:
    ours = a_match(affected(ALL, fixed="1"), NO, "1 is not below 1")
    theirs = a_match(affected(PRO, fixed="2~esm1"), YES, "1 is below 2~esm1", fixed=("2~esm1",))

    assert [answer for answer, *_ in settled(ours, theirs)] == [NO, NO]


def test_what_the_tier_mended_is_mended_where_it_is_installed() -> None:
    ours = a_match(affected(ALL), YES, "affected like every version", version="2+esm1")
    theirs = a_match(affected(PRO, fixed="2+esm1"), NO, "is not below 2+esm1", version="2+esm1")

    assert settled(ours, theirs) == [
        (NO, "is not below 2+esm1, as esm has it", ()),
        (NO, "is not below 2+esm1", ()),
    ]


def test_a_higher_version_without_the_tier_s_mark_is_not_the_tier_s() -> None:
    ours = a_match(affected(ALL), YES, "affected like every version", version="3")
    theirs = a_match(affected(PRO, fixed="2+esm1"), NO, "3 is not below 2+esm1", version="3")

    assert settled(ours, theirs)[0][0] is YES


def test_of_what_is_out_of_support_the_tier_that_looks_on_may_say_that_it_is_not_affected() -> None:
    ours = a_match(affected(ALL, state="end-of-life"), YES, "affected like every version")
    theirs = a_match(affected(PRO, state="not-affected"), NO, "not affected")

    assert settled(ours, theirs)[0] == (NO, "not affected, as esm has it", ())


def test_a_statement_about_other_builds_decides_nothing() -> None:
    ours = a_match(affected(ALL, fixed="1"), NO, "about others", elsewhere=True)
    theirs = a_match(affected(PRO), YES, "1 is affected")

    assert [answer for answer, *_ in settled(ours, theirs)] == [NO, YES]


RELEASE_ITSELF, PART = "Red Hat:enterprise_linux:8", "Red Hat:enterprise_linux:8::appstream"


def test_a_fix_in_a_repository_goes_before_the_word_on_the_release_as_a_whole() -> None:
    whole = a_match(affected(RELEASE_ITSELF, state="not-fixed"), YES, "affected like every version")
    part = a_match(affected(PART, fixed="1"), NO, "1 is not below 1")

    assert settled(whole, part)[0] == (
        NO,
        "1 is not below 1, which goes before the record's word on others",
        (),
    )


def test_where_no_fix_is_installed_the_word_on_the_release_stands() -> None:
    whole = a_match(affected(RELEASE_ITSELF, state="not-fixed"), YES, "affected like every version")
    part = a_match(affected(PART, fixed="2"), YES, "1 is below 2", fixed=("2",))

    assert [answer for answer, *_ in settled(whole, part)] == [YES, YES]


def test_a_fix_for_the_minor_release_goes_before_one_for_another() -> None:
    later = a_match(
        affected(PART, fixed="1-26.el9_3"),
        YES,
        "below",
        fixed=("1-26.el9_3",),
        version="1-23.el9_2",
    )
    ours = a_match(affected(PART, fixed="1-23.el9_2"), NO, "is not below", version="1-23.el9_2")

    assert settled(later, ours)[0][0] is NO


def test_a_fix_for_another_minor_release_decides_nothing() -> None:
    later = a_match(
        affected(PART, fixed="1-26.el9_3"), YES, "below", fixed=("1-26.el9_3",), version="1-25.el9"
    )
    theirs = a_match(affected(PART, fixed="1-23.el9_2"), NO, "is not below", version="1-25.el9")

    assert settled(later, theirs)[0][0] is YES


EUS = "Red Hat:rhel_eus:9.2::baseos"


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        pytest.param("3.9.16-1.el9_2.8", NO, id="what the tier mended"),
        pytest.param("3.9.18-1.el9", YES, id="a later minor release, as it first came"),
        pytest.param("3.9.18-2.el9_3", YES, id="a build for a later minor release"),
    ],
)
def test_above_a_tier_s_fix_for_an_older_minor_release_is_not_mended(
    version: str, answer: Answer
) -> None:
    fixed = "3.9.18-3.el9_4.5"
    ours = a_match(
        affected("Red Hat:enterprise_linux:9::baseos", fixed=fixed),
        YES, "below", fixed=(fixed,), version=version,
    )  # fmt: skip
    theirs = a_match(affected(EUS, fixed="3.9.16-1.el9_2.8"), NO, "is not below", version=version)

    assert settled(ours, theirs)[0][0] is answer
