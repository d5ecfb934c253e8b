"""Settings of the whole suite."""

from hypothesis import settings

pytest_plugins = ("left_out",)

settings.register_profile("lading", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("lading")
