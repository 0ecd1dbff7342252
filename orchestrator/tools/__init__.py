"""External programs: how they are found, started and stopped, and one module for each of them."""
