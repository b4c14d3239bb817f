class Text(str):
    def encode(self, *_, **__):
        return 7

    def __len__(self):
        return -1


class Hostile(Exception):
    def __str__(self):
        return Text("x")


def double(values):
    raise Hostile()


def quadruple(values):
    return [4 * v for v in values]
