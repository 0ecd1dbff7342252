"""The desktop window: an interface to the public API; long tasks run in separate processes."""
