"""An image of millions of small files: what is kept of each is a few bytes."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.bombs import an_image, crowded
from hostile.scanning import places

FILES = 3_000_000
MOST = 500  # MB of memory


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_three_million_files_take_less_than_500_mb(tmp_path: Path) -> None:
    layer, diff_id = crowded(FILES)
    target = an_image(tmp_path / "image", layer, diff_ids=[diff_id])
    del layer
    command = [sys.executable, "-m", "lading", "packages", target, "--format", "json", "--offline"]

    files = []
    for _ in range(2):  # the second time from the cache
        # ru_maxrss of children only grows, so the bound holds for both.
        done = subprocess.run(
            command, env=places(tmp_path), capture_output=True, check=True, timeout=350
        )
        files.append(json.loads(done.stdout)["coverage"]["files"])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024

    assert files == [FILES, FILES]
    assert peak < MOST * 1_000_000
