"""Programs and libraries that Lading knows by their bytes.

To add one: write a row in the table of its family, and let scripts/fingerprint_facts.py write down
at least two versions of it from two kinds of origin for tests/data/fingerprints.jsonl and the table
in docs/fingerprints.md. A row that claims too much is worse than a missing one.
"""

from lading.catalog.fingerprints.compression import COMPRESSION
from lading.catalog.fingerprints.crypto import CRYPTO
from lading.catalog.fingerprints.data import DATA
from lading.catalog.fingerprints.databases import DATABASES
from lading.catalog.fingerprints.fingerprint import Fingerprint
from lading.catalog.fingerprints.images import IMAGES
from lading.catalog.fingerprints.languages import LANGUAGES
from lading.catalog.fingerprints.network import NETWORK
from lading.catalog.fingerprints.servers import SERVERS
from lading.catalog.fingerprints.system import SYSTEM

FINGERPRINTS: tuple[Fingerprint, ...] = (
    *CRYPTO, *COMPRESSION, *DATA, *IMAGES, *NETWORK, *DATABASES, *SERVERS, *LANGUAGES, *SYSTEM,
)  # fmt: skip
