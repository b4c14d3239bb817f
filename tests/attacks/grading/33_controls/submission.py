import numpy as np


def double(values):
    return '\x1b[2J\x1b]0;title\x07\u202e\u2066\u200b\x00\ud800'


def quadruple(values):
    return double(values)
