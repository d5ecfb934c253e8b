"""Python distributions by pip; `pip inspect` says what they are, `packaging` what they ask for."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reference.making import Said, ran, said

WANTED = (
    "requests[socks]==2.32.3", "uvicorn[standard]==0.30.1", "jsonschema[format]==4.22.0",
    "rich==13.7.1", "importlib-metadata==7.1.0", "ruamel.yaml==0.18.6", "Jinja2==3.1.4",
)  # fmt: skip


def make(work: Path) -> Said:
    prefix = work / "root/usr/local"
    pip = (sys.executable, "-m", "pip")
    ran(
        *pip, "install", "--quiet", "--no-compile", "--ignore-installed",
        "--no-warn-script-location", "--prefix", prefix, *WANTED, cwd=work,
    )  # fmt: skip
    [site] = prefix.glob("lib/python*/site-packages")
    inspected = json.loads(ran(*pip, "inspect", "--path", site, cwd=work))
    return _said([one["metadata"] for one in inspected["installed"]], inspected["environment"])


def _said(rows: list[dict[str, Any]], environment: dict[str, str]) -> Said:
    known = {canonicalize_name(row["name"]): row for row in rows}
    called = {name: f"{row['name']} {row['version']}" for name, row in known.items()}
    edges: dict[str, set[str]] = {}
    waiting = [(name, "") for name in known]
    done = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        for need in _needs(known[name], environment | {"extra": extra}):
            answer = canonicalize_name(need.name)
            if answer not in known:
                continue  # pip fails on those that it must install, so this one is not needed
            edges.setdefault(called[name], set()).add(called[answer])
            new = {(answer, one) for one in need.extras} - done
            done |= new
            waiting += new
    return said(called.values(), edges)


def _needs(row: dict[str, Any], environment: dict[str, str]) -> Iterator[Requirement]:
    for text in row.get("requires_dist", ()):
        need = Requirement(text)
        if need.marker is None or need.marker.evaluate(environment):
            yield need
