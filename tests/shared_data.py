"""The data folder beside the checkout, for tests marked `shared`; absent for users."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("LADING_TEST_SHARED", Path(__file__).parents[2] / "shared"))

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data folder is not beside this checkout"
)


def shared(*parts: str) -> Path:
    """Return a path in the folder, or skip the calling test when it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip("the shared data folder is not beside this checkout")
    return path
