def double(values):
    raise ValueError('=HYPERLINK("http://x","mark")')


def quadruple(values):
    return [4 * v for v in values]
