"""mtree, settings files and NoExtract of pacman."""

import gzip
import time

import pytest

from builders import damaged
from catalog.digests.kept import files, kept
from lading.catalog.digests.pacman import PACMAN_DIGESTS
from lading.catalog.digests.recorded import LeftOut, Recorded, Records

FOLDER = "/var/lib/pacman/local/zlib-1:1.3-2"
TREE = b"""#mtree
/set type=file uid=0 gid=0 mode=644
./.PKGINFO time=1.0 size=9 sha256digest=00
./usr time=1.0 mode=755 type=dir
./usr/a\\040b time=1.0 size=9 md5digest=11 sha256digest=22
./usr/old time=1.0 size=9 md5digest=33
./usr/l time=1.0 type=link link=a\\040b
./usr/\\303\\274 time=1.0 sha256=44
"""


def test_every_file_and_link_of_a_tree_is_kept() -> None:
    assert files(PACMAN_DIGESTS, f"{FOLDER}/mtree", gzip.compress(TREE)) == {
        "/usr/a b": "sha256:22",
        "/usr/old": "md5:33",
        "/usr/l": "link:a b",
        "/usr/ü": "sha256:44",
    }


def test_settings_files_stand_in_the_list_of_files() -> None:
    digest = "0123456789abcdef0123456789abcdef"
    data = f"%FILES%\netc/\netc/a\n\n%BACKUP%\netc/a\t{digest}\netc/b\t(null)\n\n".encode()

    [records], _ = kept(PACMAN_DIGESTS, f"{FOLDER}/files", data)

    assert records == Records(
        type="alpm",
        name="zlib",
        version="1:1.3-2",
        files=(Recorded("/etc/a", f"md5:{digest}", is_configuration=True),),
    )


def test_what_is_not_to_be_extracted_is_in_the_settings() -> None:
    data = b"[options]\n#NoExtract = a\nNoExtract  = usr/share/help/* !usr/share/help/C/*\n"

    assert kept(PACMAN_DIGESTS, "/etc/pacman.conf", data)[0] == [
        LeftOut(
            type="alpm",
            path="/etc/pacman.conf",
            rules=((True, "/usr/share/help/*"), (False, "/usr/share/help/C/*")),
        )
    ]


@pytest.mark.parametrize(("path", "data", "complaint"), [
    (f"{FOLDER}/mtree", b"text", "cannot be unpacked"),
    (f"{FOLDER}/mtree", b"", "it is cut"),
    (f"{FOLDER}/mtree", gzip.compress(TREE, mtime=0)[:40], "it is cut"),
    (f"{FOLDER}/mtree", gzip.compress(bytes(65 << 20), 1, mtime=0), "or more than"),
    ("/var/lib/pacman/local/odd/mtree", gzip.compress(TREE, mtime=0), "names no package"),
])  # fmt: skip
def test_what_cannot_be_read_is_a_problem(path: str, data: bytes, complaint: str) -> None:
    found, error = kept(PACMAN_DIGESTS, path, data)

    assert found == []
    assert complaint in error


def test_a_tree_of_many_long_lines_takes_no_long_time() -> None:
    started = time.process_time()

    kept(PACMAN_DIGESTS, f"{FOLDER}/mtree", gzip.compress((b"./a" + b" x=y" * 50_000 + b"\n") * 20))

    assert time.process_time() - started < 5


def test_what_every_line_repeats_takes_no_long_time() -> None:
    words = b" ".join(b"k%d=v" % number for number in range(200_000))
    started = time.process_time()

    kept(PACMAN_DIGESTS, f"{FOLDER}/mtree", gzip.compress(b"/set " + words + b"\n./a\n" * 100_000))

    assert time.process_time() - started < 5


def test_damage_raises_nothing_else() -> None:
    for broken in damaged(TREE):
        kept(PACMAN_DIGESTS, f"{FOLDER}/mtree", gzip.compress(broken))
        kept(PACMAN_DIGESTS, f"{FOLDER}/mtree", broken)
        kept(PACMAN_DIGESTS, f"{FOLDER}/files", broken)
