def double(values): raise StopIteration(values)
def quadruple(values): raise StopAsyncIteration
