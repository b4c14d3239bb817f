"""One module a layout: what an LMS's download looks like, and whose each file is."""
