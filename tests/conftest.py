"""Settings of the whole suite."""

from hypothesis import settings

settings.register_profile("lading", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("lading")
