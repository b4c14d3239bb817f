# -*- coding: FILL -*-
def double(values):
    return values
