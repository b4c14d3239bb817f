import os
import sys


def conv1d(x, k, mode):
    print("PRINTED", x, k)
    print("PRINTED", x, k, file=sys.stderr)
    for number in (0, 1, 2):
        os.write(number, b"PRINTED")
    return [0]
