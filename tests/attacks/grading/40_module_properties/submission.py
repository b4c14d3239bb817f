import sys
import types


class Lying(types.ModuleType):
    @property
    def double(self):
        raise KeyboardInterrupt


sys.modules[__name__].__class__ = Lying


def quadruple(values):
    return [4 * v for v in values]
