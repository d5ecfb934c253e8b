"""Package files (deb, wheel, …) into the package that each is; it lies there, not installed.

One module per format. Each finds the record in its package file and, where the package manager
keeps the same record of what it installed, hands it to the reader of that. What else the file holds
is walked by `lading.image.single_file`.
"""
