"""Carton's snapshots after its manual."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.perl_lock import PERL_LOCK

SNAPSHOT = """\
# carton snapshot format: version 1.0
DISTRIBUTIONS
  Class-Method-Modifiers-2.12
    pathname: E/ET/ETHER/Class-Method-Modifiers-2.12.tar.gz
    provides:
      Class::Method::Modifiers 2.12
    requirements:
      B 0
  Plack-1.0047
    pathname: M/MI/MIYAGAWA/Plack-1.0047.tar.gz
  version-v0.9.18-TRIAL
    pathname: J/JP/JPEACOCK/version-0.9.18.tar.gz
"""


def test_distributions_are_declared() -> None:
    assert declared_by(PERL_LOCK, "/app/cpanfile.snapshot", SNAPSHOT) == [
        ("Class-Method-Modifiers", "2.12"), ("Plack", "1.0047"), ("version", "v0.9.18-TRIAL"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "anything\n", "\0" * 100])
def test_what_is_no_snapshot_is_an_error(text: str) -> None:
    error = reading(PERL_LOCK, "/app/cpanfile.snapshot", text.encode())[1]

    assert error.endswith("lists no distributions")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(SNAPSHOT.encode(), times=100):
        reading(PERL_LOCK, "/app/cpanfile.snapshot", data)
