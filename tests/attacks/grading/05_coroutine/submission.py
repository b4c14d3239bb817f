async def double(values): return [2*v for v in values]
def quadruple(values):
    yield from [4*v for v in values]
