def double(values):
    global double

    def double(values):
        raise KeyboardInterrupt

    return [2 * v for v in values]


def quadruple(values):
    return [4 * v for v in values]
