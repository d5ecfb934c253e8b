"""Java runtimes, from the `release` file at their root.

Format: https://openjdk.org/jeps/220 (KEY="VALUE" lines; JAVA_VERSION is always there).
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word
from lading.model.package import Fact, Package


def read_jdk(file: ImageFile) -> Iterator[Fact]:
    """Yield the runtime: `jre` where the file says it is one, else `jdk`; nothing for other files.

    Raises CatalogError for a version that is unfit.
    """
    lines = bytes(file.data).decode("utf-8", "replace").splitlines()
    pairs = (line.partition("=") for line in lines)
    fields = {key: value.strip().strip('"') for key, _, value in pairs}
    if "JAVA_VERSION" not in fields:
        return
    version = word(fields.get("JAVA_RUNTIME_VERSION")) or word(fields["JAVA_VERSION"])
    if version is None:
        raise refuse(file.path, "version", fields["JAVA_VERSION"])
    # Without the compiler's module it is no development kit, whatever the image type says.
    modules = fields.get("MODULES", "").split()
    is_runtime = fields.get("IMAGE_TYPE") == "JRE" or (modules and "jdk.compiler" not in modules)
    yield Package(
        type="generic",
        name="jre" if is_runtime else "jdk",
        version=version,
        paths=(file.path,),
        arch=word(fields.get("OS_ARCH")),
        vendor=word(fields.get("IMPLEMENTOR")),
    )


JDK = Cataloger(name="jdk", revision=1, wants=("**/release",), max_size=1 << 20, read=read_jdk)
