# -*- coding: zlib_codec -*-
def double(values):
    return values
