import resource


def double(values):
    for kind in (
        resource.RLIMIT_NOFILE,
        resource.RLIMIT_STACK,
        resource.RLIMIT_CPU,
        resource.RLIMIT_AS,
    ):
        resource.setrlimit(kind, (1, 1))
    return [bytearray(2**24) for _ in values]


def quadruple(values):
    return [4 * v for v in values]
