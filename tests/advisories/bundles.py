"""Databases of a few records and keys, for tests of bundles."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lading.advisories.content import states
from lading.advisories.sources.kev import KEV
from lading.advisories.sources.osv import OSV
from lading.advisories.writer import Writer

NOW = "2026-11-24T00:00:00Z"
Fill = Callable[[Writer], None]


def a_record(id: str, *, name: str = "thing", fixed: str = "2.0") -> bytes:
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
    }
    value = {"id": id, "modified": NOW, "aliases": [f"CVE-{id}"], "affected": [affected]}
    return json.dumps(value).encode()


def put(writer: Writer, *records: bytes, feed: str = "osv/PyPI") -> None:
    for one in records:
        writer.put(feed, OSV.parse(one, feed, None).advisories)


def put_exploited(writer: Writer, *cves: str) -> None:
    rows = [{"cveID": cve, "dateAdded": "2026-01-01"} for cve in cves]
    value = {"dateReleased": NOW, "vulnerabilities": rows}
    parsed = KEV.parse(json.dumps(value).encode(), None, None)
    writer.put_kev("kev", parsed.as_of, parsed.kev)


def older(writer: Writer) -> None:
    put(writer, a_record("PYSEC-1"), a_record("PYSEC-2", name="other"), a_record("PYSEC-3"))
    put_exploited(writer, "CVE-2026-1000", "CVE-2026-1001")


def newer(writer: Writer) -> None:
    put(writer, a_record("PYSEC-1"), a_record("PYSEC-2", name="other", fixed="3.0"))
    put(writer, a_record("PYSEC-4", name="fourth"))
    put(writer, a_record("GHSA-1", name="elsewhere"), feed="osv/npm")
    put_exploited(writer, "CVE-2026-1001", "CVE-2026-1002")


def a_database(path: Path, *fills: Fill) -> Path:
    with Writer(path) as writer, writer.transaction():
        for fill in fills:
            fill(writer)
        writer.describe(built=NOW)
    return path


def state(path: Path) -> dict[str, str]:
    with Writer(path) as writer:
        return states(writer.connection)


def a_key(path: Path, algorithm: str = "ed25519") -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    private, public = path.with_suffix(".pem"), path.with_suffix(".pub.pem")
    make = [openssl, "genpkey", "-algorithm", algorithm, "-out", str(private)]
    show = [openssl, "pkey", "-in", str(private), "-pubout", "-out", str(public)]
    for command in (make, show):
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    return private, public
