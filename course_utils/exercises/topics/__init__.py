"""The exercises, one module a notebook: plain data that an instructor can extend."""
