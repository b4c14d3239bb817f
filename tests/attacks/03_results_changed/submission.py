import os

PLACE = "/tmp/autograder-attacks"
MARKS = f"{PLACE}/results.json"


def conv1d(x, k, mode):
    done = []
    for attempt in (
        lambda: os.truncate(MARKS, 0),
        lambda: os.chmod(MARKS, 0o000),
        lambda: os.utime(MARKS),
        lambda: os.utime(MARKS, (0, 0)),
        lambda: os.setxattr(MARKS, "user.score", b"100"),
        lambda: os.rename(MARKS, f"{PLACE}/pwned"),
        lambda: os.link(MARKS, f"{PLACE}/pwned"),
        lambda: os.symlink(MARKS, f"{PLACE}/pwned"),
        lambda: os.mkfifo(f"{PLACE}/pwned"),
        lambda: os.unlink(MARKS),
    ):
        try:
            attempt()
            done.append(1)
        except OSError:
            pass
    assert done == []
    return done
