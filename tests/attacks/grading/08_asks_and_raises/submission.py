def double(values):
    return [0 for _ in values]


def quadruple(values):
    try:
        double("text", None)
    except BaseException as error:
        raise KeyboardInterrupt from error
