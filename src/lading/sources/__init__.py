"""Images in registries and local engines."""
