"""Bytes of rpm's databases in, their entries out: a module for each of the forms.

`bdb` (Berkeley DB) and `ndb` give header blobs, `header` reads those, `manifest` reads the list
that stands for a database; SQLite is opened in `lading.catalog.rpm`. What is damaged ends in a
CatalogError, after everything that can be read.
"""
