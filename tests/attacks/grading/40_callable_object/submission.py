class Function:
    @property
    def __signature__(self):
        raise KeyboardInterrupt

    @property
    def __name__(self):
        raise SystemExit

    def __call__(self, values):
        return [3 * v for v in values]

    def __eq__(self, other):
        return True

    __hash__ = None


double = Function()


def quadruple(values):
    return [4 * v for v in values]
