"""What package managers keep of the files they installed, to tell those that were changed since.

One module per package manager, read for `--verify` alone. To add one: write `digests/<name>.py`,
add its reader here.
"""

from lading.catalog.digests.apk import APK_DIGESTS
from lading.catalog.digests.dpkg import DPKG_DIGESTS
from lading.catalog.digests.pacman import PACMAN_DIGESTS
from lading.catalog.digests.portage import PORTAGE_DIGESTS
from lading.catalog.digests.recorded import DigestReader
from lading.catalog.digests.rpm import RPM_DIGESTS

DIGEST_READERS: tuple[DigestReader, ...] = (
    DPKG_DIGESTS,
    APK_DIGESTS,
    RPM_DIGESTS,
    PACMAN_DIGESTS,
    PORTAGE_DIGESTS,
)
