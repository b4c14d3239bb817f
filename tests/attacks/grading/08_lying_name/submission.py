class Meta(type):
    __name__ = property(lambda cls: 1 / 0)
    __module__ = property(lambda cls: "builtins")
    __mro__ = property(lambda cls: ())


class Hostile(Exception, metaclass=Meta):
    pass


def double(values):
    raise Hostile()


def quadruple(values):
    return [4 * v for v in values]
