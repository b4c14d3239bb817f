import os


def conv1d(x, k, mode):
    wrote = []
    for place in (
        "/",
        "/tmp",
        "/dev",
        "/dev/shm",
        "/var/tmp",
        "/tmp/autograder-attacks",
        "/sandbox",
        "/sandbox/site/numpy",
        "/usr/lib",
        ".",
    ):
        for make in (os.mkdir, lambda path: open(path, "w").close()):
            try:
                make(os.path.join(place, "pwned"))
                wrote.append(place)
            except OSError:
                pass
    assert not wrote, wrote
    return [0]
