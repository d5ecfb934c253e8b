"""A policy that is wrong is refused with file, line and reason; nothing is left out quietly."""

import pytest

from lading.errors import UsageError
from lading.policy import Evaluation, read_policy


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("rule = 1", 1, "must be tables"),
        ("\n[[rule]]\nseverity = 'high'", 2, "no action"),
        ("[[rule]]\naction = 'forbid'", 2, "there is no 'forbid'"),
        ("[[rule]]\naction = 'deny'\nseverty = 'high'", 3, "unknown key 'severty'"),
        ("[[rule]]\naction = 'deny'\nseverity = 'hgih'", 3, "there is no 'hgih'"),
        ("[[rule]]\naction = 'deny'\nseverity = 7", 3, "must be a text"),
        ("[[rule]]\naction = 'deny'\nseverities = ['high', 'x']", 3, "there is no 'x'"),
        ("[[rule]]\naction = 'deny'\nseverities = []", 3, "a list of texts"),
        ("[[rule]]\naction = 'deny'\nkev = 'yes'", 3, "true or false"),
        ("[[rule]]\naction = 'deny'\nepss = 2", 3, "from 0 to 1"),
        ("[[rule]]\naction = 'deny'\nepss = true", 3, "from 0 to 1"),
        ("[[rule]]\naction = 'deny'\nepss = nan", 3, "from 0 to 1"),
        ("[[rule]]\naction = 'deny'\nfixed_for_days = -1", 3, "from 0 to 36500"),
        ("[[rule]]\naction = 'deny'", 1, "nothing says what this rule judges"),
        ("[[rule]]\naction = 'deny'\npackage = 'x'", 1, 'on = "findings" or on = "packages"'),
        ("[[rule]]\naction = 'deny'\nlicense = 'x'", 1, "nothing says what this rule judges"),
        ("[[rule]]\naction = 'deny'\non = 'packages'\nkev = true", 4, "kev is no condition on"),
        ("[[rule]]\naction = 'deny'\ncoverage = 'note'\nkev = true", 4, "kev is no condition on"),
        ("[[rule]]\naction = 'deny'\non = 'coverage'", 3, "must name its items"),
        ("[[rule]]\naction = 'deny'\ncoverage = 'holes'", 3, "there is no 'holes'"),
        ("[[rule]]\naction = 'deny'\ncoverage = 'note'\nmax_age = '7d'", 4, "is for coverage"),
        ("[[rule]]\naction = 'deny'\ncoverage = 'stale-feed'\nmax_age = '7'", 4, "no duration"),
        ("[[rule]]\naction = 'deny'\non = 'packages'\nversion = '>'", 4, "no range of versions"),
        ("[[rule]]\naction = 'deny'\non = 'packages'\npackage = 'pkg:'", 4, "no package URL"),
        ("[[rule]]\naction = 'deny'\non = 'packages'\nlayer = 'top'", 4, "layer must be"),
        ("[[rule]]\naction = 'deny'\non = 'packages'\nlayer = true", 4, "layer must be"),
        ("evaluation = 'last'", 1, "there is no 'last'"),
        ("evaluation = 'all'\n[[rule]]\naction = 'allow'\nkev = true", 3, "allow does nothing"),
        ("[exceptions]\nmax_days = 'few'", 2, "must be a number"),
        ("[exceptions]\nmax_dyas = 3", 2, "unknown key"),
        ("exceptions = 3", 1, "must be a table"),
        ("configuration = 1", 1, "not known yet"),
        ("[[rule]\n", 1, "this is no TOML"),
        ("a = 1\nb = ", 2, "this is no TOML"),
        ("a = 1\nb = '''", 2, "this is no TOML"),
        ("x = 1", 1, "unknown key 'x'"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(UsageError) as error:
        read_policy(text.encode(), "policy.toml")

    assert str(error.value).startswith(f"policy.toml:{line}: ")
    assert reason in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b"a = " + b"[" * 100_000, id="nested without end"),
        pytest.param(b"#" * ((1 << 20) + 1), id="huge"),
        pytest.param(b"\0", id="binary"),
        pytest.param(b"a = " + b"9" * 5000, id="a number without end"),
    ],
)
def test_hostile_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"^policy\.toml"):
        read_policy(data, "policy.toml")


def test_a_policy_says_how_long_exceptions_may_run() -> None:
    policy = read_policy(b"[exceptions]\nmax_days = 90\nannounce_days = 7\n", "p")

    assert (policy.exception_days, policy.announce_days) == (90, 7)
    assert policy.evaluation is Evaluation.FIRST


def test_limits_of_exceptions_may_be_left_open() -> None:
    policy = read_policy(b"[exceptions]\n", "p")

    assert (policy.exception_days, policy.announce_days) == (None, None)


def test_a_key_in_a_text_of_several_lines_is_no_key() -> None:
    text = '[[rule]]\nname = """\nkev = 1\n"""\naction = "deny"\nkev = 2\n'

    with pytest.raises(UsageError, match=r"^p:6: kev must be"):
        read_policy(text.encode(), "p")
