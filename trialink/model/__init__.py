"""Values without I/O, on one small base."""
