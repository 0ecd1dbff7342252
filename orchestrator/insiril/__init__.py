"""Running from inside Siril: the script for its Scripts menu, and the worker that this script drives."""
