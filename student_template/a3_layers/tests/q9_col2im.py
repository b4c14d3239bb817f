"""q9_col2im, public: numbered columns, added up by hand."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_col2im"


@test_case(name="windows that overlap are added", points=1)
def test_overlap(col2im):
    cols = np.arange(1.0, 13).reshape(1, 4, 3)
    close(col2im(cols, (1, 1, 2, 4), 2, 1, 0), [[[[1, 6, 8, 6], [7, 18, 20, 12]]]])


@test_case(name="stride 2 and padding 1", points=1)
def test_stride_and_padding(col2im):
    cols = np.arange(1.0, 17).reshape(1, 4, 4)
    close(col2im(cols, (1, 1, 2, 3), 2, 2, 1), [[[[13, 10, 14], [7, 4, 8]]]])
