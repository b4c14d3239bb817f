# objects that are slow to compare
def double(values):
    return [10**4900] * 200
def quadruple(values):
    return [[10**4900]*14]*14
