"""q1_make_shortcut, public: shapes, and nothing where nothing is needed."""

from checks import case_rng, close, equal
from checks.layers import fresh_output, parameter_shapes
from checks.matching import check_learned
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_make_shortcut"


@test_case(name="the same channels and size: the input itself", points=1)
def test_identity(make_shortcut):
    x = case_rng().normal(size=(2, 5, 4, 6))
    learned = parameter_shapes(make_shortcut, [5, 5, 1], x.shape)
    close(fresh_output(make_shortcut, [5, 5, 1], x), x)
    check_learned(learned, [])


@test_case(name="a stride alone, other channels alone: the shapes", points=0.5)
def test_shapes(make_shortcut):
    x = case_rng().normal(size=(2, 5, 7, 6))
    for arguments, shape in (([5, 5, 2], (2, 5, 4, 3)), ([5, 8, 1], (2, 8, 7, 6))):
        out = fresh_output(make_shortcut, arguments, x)
        equal(
            out.shape, shape, what=f"the shape that make_shortcut{(*arguments,)} gives"
        )


@test_case(name="a projection's shapes", points=1.5)
def test_projection(make_shortcut):
    x = case_rng().normal(size=(2, 5, 7, 6))
    out = fresh_output(make_shortcut, [5, 8, 2], x)
    equal(out.shape, (2, 8, 4, 3), what="the shape of what comes out")
    # A 1x1 convolution without bias; scale and shift of a normalisation.
    shapes = parameter_shapes(make_shortcut, [5, 8, 2], x.shape)
    check_learned(shapes, [(8, 5, 1, 1), (8,), (8,)])
