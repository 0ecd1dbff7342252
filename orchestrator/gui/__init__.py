"""The desktop window: a face of the public API, whose work is done in processes of their own."""
