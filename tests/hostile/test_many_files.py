"""An image of millions of small files: what is kept of each is a few bytes."""

import json
import subprocess
from pathlib import Path

import pytest

from hostile.bombs import an_image, crowded
from hostile.scanning import measured, peak_of, places

FILES = 3_000_000
MOST = 476  # MiB of memory: 500 MB


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_three_million_files_take_less_than_500_mb(tmp_path: Path) -> None:
    layer, diff_id = crowded(FILES)
    target = an_image(tmp_path / "image", layer, diff_ids=[diff_id])
    del layer
    command = [*measured(tmp_path), "packages", target, "--format", "json", "--offline"]

    for _ in range(2):  # the second time from the cache
        done = subprocess.run(
            command, env=places(tmp_path), capture_output=True, check=True, timeout=350
        )
        assert json.loads(done.stdout)["coverage"]["files"] == FILES
        assert peak_of(tmp_path, otherwise=1 << 40) < MOST
