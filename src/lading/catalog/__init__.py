"""Files in, packages out: one module per package manager.

To add one: write `catalog/<name>.py`, add it to OS_CATALOGERS or LANGUAGE_CATALOGERS.
"""

from lading.catalog.apk import APK
from lading.catalog.cataloger import Cataloger
from lading.catalog.dotnet import DOTNET
from lading.catalog.dpkg import DPKG
from lading.catalog.golang import GO
from lading.catalog.java import JAVA
from lading.catalog.node import NODE
from lading.catalog.osrelease import OS_RELEASE
from lading.catalog.php import PHP
from lading.catalog.python import PYTHON
from lading.catalog.rpm import RPM
from lading.catalog.ruby import RUBY
from lading.catalog.rust import RUST

OS_CATALOGERS: tuple[Cataloger, ...] = (OS_RELEASE, DPKG, APK, RPM)
"""Databases of operating system packages, and the release: what `--mode basic` reads."""

LANGUAGE_CATALOGERS: tuple[Cataloger, ...] = (PYTHON, NODE, GO, JAVA, RUST, RUBY, PHP, DOTNET)
"""Packages of programming languages."""

CATALOGERS = OS_CATALOGERS + LANGUAGE_CATALOGERS
