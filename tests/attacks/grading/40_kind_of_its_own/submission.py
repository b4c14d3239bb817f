from checks import CheckFailedError


class Kind(str):
    def encode(self, *_, **__):
        raise KeyboardInterrupt


def double(values):
    raise CheckFailedError(Kind('fault'), 'x')


def quadruple(values):
    return [4 * v for v in values]
