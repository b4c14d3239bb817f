import sys
def prof(frame, event, arg):
    if event=='return': raise GeneratorExit
def double(values):
    sys.setprofile(prof)
    return [2*v for v in values]
def quadruple(values):
    sys.settrace(lambda f,e,a: (_ for _ in ()).throw(StopIteration))
    return [4*v for v in values]
