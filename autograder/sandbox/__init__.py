"""Start a worker, confine it, talk to it, and try what it must not manage."""
