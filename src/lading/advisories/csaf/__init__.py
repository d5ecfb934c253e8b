"""CSAF documents to what they say of packages; `sources.csaf` makes the records.

`document` reads the format, `statuses` what is said of each product, `vendors` and `redhat` know
what products are called where packages are looked up, `vers` reads ranges of versions.
"""
