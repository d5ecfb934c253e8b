"""What a product of Red Hat's CSAF documents is called where packages are looked up.

Format: https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/. The ecosystem is
the CPE of what an rpm is installed in, as osv.dev has it (`cpe:/o:redhat:rhel_eus:9.2::baseos` is
`Red Hat:rhel_eus:9.2::baseos`). The rpm is named by its package URL, or as
`name-epoch:version-release.arch`.
Quirks: a package of a module says so in its URL, behind its id (`::ruby:3.1`), before its name
(`nodejs:18/nodejs`), or by what it is part of. A fix of a module may name its build alone
(`python39@3.9-8040020240902080505.63cd9eba`), which is no version of an rpm: it is kept as the
package `python39:3.9`. Newer documents have fixes without an
architecture (`python3.9-0:3.9.18-3.el9_4.5`, of which the installed package is `python3`): these
name the source. Container images and artifacts of languages are no rpms.
"""

import re
from dataclasses import replace
from urllib.parse import unquote

from lading.advisories.csaf.document import Installed, Product
from lading.advisories.csaf.named import ARCHES, NAME, SOURCES, Named, Purl, stream_of

_NEVRA = re.compile(
    r"(?P<name>[^/:@\s]+)-(?P<epoch>\d{1,9}):(?P<version>[^-:/\s]+)-(?P<release>[^-:/\s]+?)"
    rf"(?:\.(?P<arch>{ARCHES}))?(?:::(?P<module>[^:/]+:[^:/]+))?"
)
_IN_MODULE = re.compile(rf"(?P<module>[^:/@]+:[^:/@]+)/(?P<name>{NAME})")
_CPE = re.compile(r"cpe:/[aho]:redhat:(.+)|cpe:2\.3:[aho]:redhat:(.+)")
_TIER = re.compile(r"rhel_(eus_long_life|eus|aus|e4s|tus|els)\b")
_BUILD = re.compile(r"(?:\d+:)?(?P<stream>[^-\s]+)-(?P<build>\d{15,22})\.[0-9a-f]{8}")


def is_red_hats(product: Installed) -> bool:
    """Tell whether the product is installed in one of Red Hat's."""
    return product.platform.cpe is not None and _CPE.fullmatch(product.platform.cpe) is not None


def red_hat(product: Installed) -> Named | None:
    """Return the rpm or the module; None for what is neither."""
    cpe = _CPE.fullmatch(product.platform.cpe or "")
    return _in(product, _as_osv(cpe)) if cpe else None


def _in(product: Installed, cpe: str) -> Named | None:
    purl = Purl.read(product.component.purl)
    if purl is not None and purl.type not in ("rpm", "rpmmod"):
        return None  # a container image, an artifact of a language
    found = _rpm(product.component, purl)
    if found is None:
        return None
    tier = _TIER.match(cpe)
    for one in product.chain[1:]:
        within = Purl.read(one.purl)
        if within is not None and within.type == "rpmmod" and found.module is None:
            found = replace(found, module=stream_of(f"{within.name}:{within.version}"))
    return replace(found, ecosystem=f"Red Hat:{cpe}", tier=tier[1] if tier else None)


def _rpm(component: Product, purl: Purl | None) -> Named | None:
    """Return the rpm, or the module, that a component is."""
    found = _NEVRA.fullmatch(component.id)
    parts = found if found is not None else _IN_MODULE.fullmatch(component.id)
    name = parts["name"] if parts else None
    if name is None and re.fullmatch(NAME, component.id):
        name = component.id
    module = parts["module"] if parts else None
    version = f"{found['epoch']}:{found['version']}-{found['release']}" if found else None
    arch = found["arch"] if found else None
    if purl is not None:
        name, version = purl.name, version or purl.full_version()
        arch = purl.qualifiers.get("arch") or arch
        module = stream_of(purl.qualifiers.get("rpmmod", "")) or module
        if purl.type == "rpmmod":
            stream, *rest = purl.version.split(":")
            return _module(name, stream, rest[0] if rest else "")
    if name is None:
        return None
    if build := _BUILD.fullmatch(version or ""):
        name, _, stream = (module or f"{name}:{build['stream']}").partition(":")
        return _module(name, stream, build["build"])
    return Named(
        ecosystem="",
        name=name,
        version=version,
        arch=None if arch in SOURCES else arch,
        of=_of(arch, is_fix=purl is not None and version is not None) if found or purl else None,
        module=module,
        is_rpm=True,
    )


def _of(arch: str | None, *, is_fix: bool) -> str:
    return "source" if arch in SOURCES or (arch is None and is_fix) else "binary"


def _module(name: str, stream: str, build: str) -> Named | None:
    """Return a module as a whole, whose version is the number of its build."""
    if not stream:
        return None
    whole = f"{name}:{stream}"
    return Named(
        ecosystem="", name=whole, version=build or None, of="module", module=whole, is_rpm=True
    )


def _as_osv(cpe: re.Match[str]) -> str:
    """Return the part of a CPE behind the vendor, in the form of 2.2: without empty ends."""
    if cpe[1] is not None:
        return unquote(cpe[1]).rstrip(":")
    fields = ["" if one == "*" else one for one in cpe[2].split(":")]
    product, version, update, edition = (*fields[:4], "", "", "", "")[:4]
    return ":".join((product, version, update, edition)).rstrip(":")
