"""A judge of merged layers: the kernel, which mounts them one over the other.

Each layer becomes a folder in the form of overlayfs (a whiteout is a device 0/0, an opaque
directory has an attribute), in a tmpfs of a user namespace of its own: nothing is seen outside.
Form: https://docs.kernel.org/filesystems/overlayfs.html
"""

import ctypes
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from image.merged import Item, Layer, State, with_groups

_UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")


def by_overlay(images: Sequence[list[Layer]]) -> list[State]:
    """Return what the kernel shows of each image; skip the test where it does not mount."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    command = (*_UNSHARE, sys.executable, __file__)
    request = json.dumps(images)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        command, input=request, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode == _CANNOT or done.stderr.startswith("unshare:"):
        pytest.skip(f"this kernel mounts no overlay for us: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return [
        {path: (kind, what) for path, (kind, what) in state.items()}
        for state in json.loads(done.stdout)
    ]


# In the namespace

_CANNOT = 77  # exit code


def _main() -> int:
    images = [[[Item(*item) for item in layer] for layer in one] for one in json.load(sys.stdin)]
    try:
        _mount("tmpfs", Path("/mnt"))
        _mounted(Path("/mnt/trial"), [[Item(".wh.gone"), Item("d/.wh..wh..opq")]])
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a program
        return _CANNOT
    states = [_mounted(Path("/mnt", str(number)), one) for number, one in enumerate(images)]
    json.dump(states, sys.stdout)
    return 0


def _mount(kind: str, where: Path, options: str = "") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    words = (kind, str(where), kind)
    if libc.mount(*(word.encode() for word in words), ctypes.c_ulong(0), options.encode()):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), kind)


def _mounted(folder: Path, layers: list[Layer]) -> State:
    lowest, merged = folder / "lowest", folder / "merged"
    lowest.mkdir(parents=True)
    merged.mkdir()
    rows = [str(lowest)]
    for number, layer in enumerate(layers):
        rows.append(str(_written(folder / str(number), layer, number)))
    rows.append(str(folder / "highest"))  # at least two, or there is nothing to mount
    (folder / "highest").mkdir()
    _mount("overlay", merged, f"userxattr,lowerdir={':'.join(rows[::-1])}")
    return listed(merged)


def _written(root: Path, layer: Layer, number: int) -> Path:
    root.mkdir()
    for item in layer:
        path = root / item.path.strip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == ".wh..wh..opq":
            os.setxattr(path.parent, "user.overlay.opaque", b"y")
        elif path.name.startswith(".wh."):
            gone = path.with_name(path.name[4:])
            if gone.is_dir() and not gone.is_symlink():  # removed, then made anew
                os.setxattr(gone, "user.overlay.opaque", b"y")
            elif not os.path.lexists(gone):
                os.mknod(gone, stat.S_IFCHR, os.makedev(0, 0))
        else:
            _write(path, item, root, number)
    return root


def _write(path: Path, item: Item, root: Path, number: int) -> None:
    if os.path.lexists(path) and stat.S_ISCHR(path.lstat().st_mode):
        path.unlink()
        if item.kind == "dir":
            path.mkdir()
            os.setxattr(path, "user.overlay.opaque", b"y")
    if item.kind == "dir":
        path.mkdir(exist_ok=True)
    elif item.kind == "soft":
        path.symlink_to(item.link)
    elif item.kind == "hard":
        path.hardlink_to(root / item.link.strip("/"))
    else:
        path.write_text(str(number))


def listed(root: Path) -> State:
    """Return what is below a folder on disk; the content of a file is the number of its layer."""
    state: State = {}
    names: dict[int, list[str]] = {}
    for file in sorted(root.rglob("*")):
        if not os.path.lexists(file):  # a whiteout of nothing is named by the only layer there
            continue
        path = f"/{file.relative_to(root)}"
        status = file.lstat()
        if stat.S_ISDIR(status.st_mode):
            state[path] = "dir", ""
            continue
        names.setdefault(status.st_ino, []).append(path)
        if stat.S_ISLNK(status.st_mode):
            state[path] = "soft", str(file.readlink())
        else:
            state[path] = "file", file.read_text()
    return with_groups(state, list(names.values()))


if __name__ == "__main__":
    sys.exit(_main())
