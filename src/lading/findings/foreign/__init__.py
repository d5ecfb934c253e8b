"""Ignore files of other scanners in, drafts of exceptions out, and what could not be carried over.

Trivy's `.trivyignore` and `.trivyignore.yaml`, the `ignore` rules of Grype's settings, and
osv-scanner's `osv-scanner.toml`. A condition that has no counterpart here would, left out, widen
what is ignored; so its rule is not carried over, and that is said with its line.
"""

from pathlib import PurePath

from lading.errors import UsageError
from lading.findings.foreign import grype, osv_scanner, trivy
from lading.findings.foreign.draft import Carried
from lading.findings.foreign.yaml import read_yaml
from lading.findings.tables import LARGEST, read_tables


def carried_over(data: bytes, file: str) -> Carried:
    """Return the drafts and remarks; the file's name and content say whose it is.

    UsageError for a file that cannot be read as what it seems to be.
    """
    if len(data) > LARGEST:
        raise UsageError(f"{file}: larger than {LARGEST} bytes, so it is no ignore file")
    suffix = PurePath(file).suffix.lower()
    if suffix == ".toml":
        return osv_scanner.read(read_tables(data, file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: this is no UTF-8") from error
    if suffix not in (".yaml", ".yml"):
        return trivy.read_lines(text)
    document = read_yaml(text)
    return grype.read(document) if document.has("ignore") else trivy.read(document)
