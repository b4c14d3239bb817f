"""A picture keeps an image in 256 steps, and gives it back as exact as they are."""

import numpy as np

from autograder.records.pictures import Raster


def test_an_image_comes_back_row_by_row_between_its_lowest_and_highest() -> None:
    raster = Raster(
        rows=2, columns=3, low=-1.0, high=4.0, cells=bytes([0, 51, 255] * 2)
    )
    assert np.allclose(raster.values, [[-1.0, 0.0, 4.0], [-1.0, 0.0, 4.0]])
    column = Raster(rows=3, columns=1, low=2.0, high=2.0, cells=bytes([0, 9, 255]))
    assert column.values.tolist() == [[2.0], [2.0], [2.0]]
