"""The helpers of the course, one module a notebook."""
