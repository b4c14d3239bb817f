"""One module a format: what an LMS imports."""
