"""A picture keeps an image in 256 steps, and gives it back as exact as they are."""

import msgspec
import numpy as np

from autograder.records.pictures import AmongLecture, Raster


def test_an_image_comes_back_row_by_row_between_its_lowest_and_highest() -> None:
    raster = Raster(
        rows=2, columns=3, low=-1.0, high=4.0, cells=bytes([0, 51, 255] * 2)
    )
    assert np.allclose(raster.values, [[-1.0, 0.0, 4.0], [-1.0, 0.0, 4.0]])
    column = Raster(rows=3, columns=1, low=2.0, high=2.0, cells=bytes([0, 9, 255]))
    assert column.values.tolist() == [[2.0], [2.0], [2.0]]


def test_a_network_among_the_lectures_is_right_where_it_is_not_wrong() -> None:
    one = AmongLecture(
        of="your SmallCNN",
        parameters=7,
        classes=("bag", "shoe"),
        images=(3, 5),
        wrong=(1, 1),
        peers=(),
    )
    assert one.accuracy == 0.75
    empty = msgspec.structs.replace(one, images=(0, 0), wrong=(0, 0))
    assert empty.accuracy == 1.0
