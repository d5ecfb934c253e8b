"""Extensions of Visual Studio Code and of editors like it, from the manifest of each.

Format: https://code.visualstudio.com/api/references/extension-manifest: a package.json that states
`publisher` and, in `engines`, `vscode`. An extension is called PUBLISHER.NAME, whatever the case.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.wording import word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package


def read_vscode(file: ImageFile) -> Iterator[Fact]:
    """Yield the extension; nothing for other files of this name."""
    try:
        manifest = read_object(file.path, file.data)
    except CatalogError:
        return  # many programs have extensions, and anything may be called package.json
    engines = manifest.get("engines")
    publisher, name = word(manifest.get("publisher")), word(manifest.get("name"))
    if publisher is None or name is None or not isinstance(engines, dict):
        return
    if "vscode" in engines:
        yield Package(
            type="vscode-extension",
            name=f"{publisher}.{name}".lower(),
            version=word(manifest.get("version")),
            paths=(file.path,),
            licenses=words([manifest.get("license")]),
            requires=tuple(one.lower() for one in words(manifest.get("extensionDependencies"))),
        )


VSCODE = Cataloger(
    name="vscode",
    revision=1,
    wants=("**/extensions/*/package.json",),
    max_size=16 << 20,
    read=read_vscode,
)
