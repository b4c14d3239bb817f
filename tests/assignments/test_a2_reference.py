"""The reference of a2_shapes against PyTorch, built from the same lists of layers."""

from pathlib import Path
from typing import Any

import pytest
import torch
from checks import architectures as nets
from checks.architectures import Layer
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from autograder.authoring.lecture_networks import ARCHITECTURES, Shape, network, steps
from autograder.course.assignment import module_from
from published import PUBLISHED

pytestmark = pytest.mark.torch

SOLUTION = Path(__file__).parents[2] / "solutions" / "a2_shapes" / "reference.py"
reference: Any = module_from(SOLUTION.read_text(encoding="utf-8"), SOLUTION)


def learned(module: Any) -> int:
    return sum(p.numel() for p in module.parameters())


def seen_pixels(made: Any, shape: Shape) -> tuple[int, int]:
    """Return height and width of what the middle output pixel depends on.

    Every weight is positive and averages stand for maxima, so that no path is hidden.
    """
    x = torch.rand(1, *shape, dtype=torch.float64, requires_grad=True)
    made = made.double()
    for parameter in made.parameters():
        nn.init.constant_(parameter, 1.0)
    out = made(x)
    out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    assert x.grad is not None
    rows, columns = (x.grad[0].abs().sum(dim=0) > 0).nonzero(as_tuple=True)
    height = int(rows.max() - rows.min()) + 1
    return height, int(columns.max() - columns.min()) + 1


def up_to_the_head(layers: list[Layer]) -> list[Layer]:
    return layers[: [x["type"] for x in layers].index("flatten")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_architecture_has_the_published_numbers(name: str) -> None:
    layers, shape = ARCHITECTURES[name].layers(), ARCHITECTURES[name].image
    assert reference.network_totals(layers, shape) == PUBLISHED[name]


@pytest.mark.parametrize("name", ["LeNet-5", "AlexNet, paper", "VGG-19"])
def test_summary_of_an_architecture_has_torch_rows(name: str) -> None:
    layers, shape = ARCHITECTURES[name].layers(), ARCHITECTURES[name].image
    rows = [(step.kind, step.shape, step.parameters) for step in steps(layers, shape)]
    assert reference.summarize(layers, shape) == rows


small = st.integers(1, 3)
sides = st.integers(1, 24)


@settings(max_examples=200)
@given(
    hw=st.tuples(sides, sides),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    stride=st.tuples(small, small),
    padding=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    dilation=st.tuples(small, small),
    channels=st.tuples(small, small),
    groups=small,
    bias=st.booleans(),
)
def test_convolution_is_as_in_torch(
    hw: tuple[int, int],
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    channels: tuple[int, int],
    groups: int,
    bias: bool,  # noqa: FBT001
) -> None:
    c_in, c_out = groups * channels[0], groups * channels[1]
    knobs = (kernel, stride, padding, dilation)
    layer = nn.Conv2d(c_in, c_out, *knobs, groups, bias, device="meta")
    image = torch.empty(1, c_in, *hw, device="meta")
    count = reference.conv_params(c_in, c_out, kernel, bias, groups)
    assert count == learned(layer)
    try:
        out = layer(image)
    except RuntimeError:
        with pytest.raises(ValueError, match="does not fit"):
            reference.conv_output_shape((c_in, *hw), c_out, *knobs)
        return
    shape = reference.conv_output_shape((c_in, *hw), c_out, *knobs)
    assert shape == tuple(out.shape[1:])
    macs = out[0].numel() * layer.weight[0].numel()
    assert reference.conv_macs((c_in, *hw), c_out, *knobs, groups) == macs
    assert reference.conv_flops((c_in, *hw), c_out, *knobs, groups) == 2 * macs


@settings(max_examples=200)
@given(
    hw=st.tuples(sides, sides),
    kernel=st.integers(1, 5),
    stride=st.none() | st.integers(1, 6),
    padding=st.integers(0, 2),
    ceil_mode=st.booleans(),
)
def test_pooling_is_as_in_torch(
    hw: tuple[int, int],
    kernel: int,
    stride: int | None,
    padding: int,
    ceil_mode: bool,  # noqa: FBT001
) -> None:
    assume(padding <= kernel // 2)
    layer = nn.MaxPool2d(kernel, stride, padding, ceil_mode=ceil_mode)
    settings_of = (kernel, stride, padding, ceil_mode)
    try:
        out = layer(torch.empty(1, 1, *hw, device="meta"))
    except RuntimeError:
        if not ceil_mode:
            with pytest.raises(ValueError, match="does not fit"):
                [reference.pool_output_size(n, *settings_of) for n in hw]
        return
    assert [reference.pool_output_size(n, *settings_of) for n in hw] == list(
        out.shape[2:]
    )


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@settings(max_examples=100)
@given(n=sides, kernel=st.integers(1, 6), dilation=small)
def test_same_padding_keeps_the_size_as_in_torch(
    n: int, kernel: int, dilation: int
) -> None:
    left, right = reference.same_padding(n, kernel, 1, dilation)
    layer = nn.Conv1d(1, 1, kernel, padding="same", dilation=dilation, bias=False)
    # Which side gets the odd zero: padded by hand the values are the same.
    x = torch.rand(1, 1, n)
    padded = nn.functional.pad(x, (left, right))
    by_hand = nn.functional.conv1d(padded, layer.weight, dilation=dilation)
    torch.testing.assert_close(layer(x), by_hand)


@given(
    n=st.integers(1, 99), kernel=st.integers(1, 9), stride=st.integers(1, 5), d=small
)
def test_same_padding_is_the_least_that_gives_a_size_divided_by_the_stride(
    n: int, kernel: int, stride: int, d: int
) -> None:
    left, right = reference.same_padding(n, kernel, stride, d)
    assert 0 <= left <= right <= left + 1
    wanted = (n + stride - 1) // stride
    assert reference.conv_output_size(n + left + right, kernel, stride, 0, d) == wanted
    fewer = n + left + right - 1
    if left + right and fewer >= d * (kernel - 1) + 1:
        assert reference.conv_output_size(fewer, kernel, stride, 0, d) < wanted


def test_torch_refuses_same_with_a_stride() -> None:
    with pytest.raises(ValueError, match="not supported for strided"):
        nn.Conv2d(1, 1, 5, stride=2, padding="same")


layer_of_a_chain = st.one_of(
    st.builds(
        nets.conv,
        st.just(2),
        st.integers(1, 5),
        stride=small,
        padding=st.integers(0, 2),
        dilation=small,
        bias=st.just(value=False),
    ),
    st.builds(nets.avg_pool, st.integers(1, 4), small),
    st.just(nets.relu()),
)


@settings(max_examples=40)
@given(chain=st.lists(layer_of_a_chain, max_size=4))
def test_receptive_field_is_where_the_gradient_is_not_zero(chain: list[Layer]) -> None:
    size, jump = reference.receptive_field(chain)
    # An output pixel that is far enough from the padding at the border.
    side = 2 * size + 60 + 2 * jump
    made = network(chain, (1, side, side + 7))
    assert seen_pixels(made, (1, side, side + 7)) == (size, size)
    assert support_start(made, side, 1) - support_start(made, side, 0) == jump


def support_start(made: Any, side: int, step: int) -> int:
    """Return the first row of the image that output row `middle + step` sees."""
    x = torch.rand(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    out = made(x)
    out[0, :, out.shape[2] // 2 + step, out.shape[3] // 2].sum().backward()
    assert x.grad is not None
    return int((x.grad[0, 0].abs().sum(dim=1) > 0).nonzero().min())


def test_receptive_field_of_blocks_is_where_the_gradient_is_not_zero() -> None:
    conv = nets.conv
    body = [conv(4, 3, stride=2, padding=1), nets.relu(), conv(4, 3, padding=1)]
    block = nets.residual(body, [conv(4, 1, stride=2)])
    split = nets.branches(
        [conv(2, 1)], [conv(3, 5, padding=2)], [conv(1, 3, padding=1)]
    )
    layers = [conv(2, 3), block, nets.relu(), split, conv(1, 3, dilation=2)]
    shape = (1, 90, 101)
    made = network(layers, shape)
    _, _, field = reference.network_totals(layers, shape)
    assert seen_pixels(made, shape) == (field, field)


def test_receptive_field_of_lenet_is_where_the_gradient_is_not_zero() -> None:
    front = up_to_the_head(nets.lenet5())
    front = [x for x in front if x["type"] != "sigmoid"]
    made = network(front, (1, 64, 64))
    assert seen_pixels(made, (1, 64, 64)) == (16, 16)


@pytest.mark.parametrize(
    ("test_hw", "goes"),
    [((50, 60), True), ((51, 61), True), ((52, 60), False), ((3, 60), False)],
)
@pytest.mark.parametrize("average", [False, True])
def test_can_infer_is_whether_torch_runs_the_network(
    test_hw: tuple[int, int],
    goes: bool,  # noqa: FBT001
    average: bool,  # noqa: FBT001
) -> None:
    front = [nets.conv(4, 5), nets.max_pool(2, 2)]
    middle = [nets.global_avg_pool()] if average else []
    layers = [*front, *middle, nets.flatten(), nets.linear(3)]
    made = network(layers, (3, 50, 60))
    try:
        made(torch.rand(1, 3, *test_hw))
        runs = True
    except RuntimeError:
        runs = False
    assert reference.can_infer(layers, (50, 60), test_hw) is runs
    assert runs is (goes or (average and test_hw[0] > 5))


def test_every_call_of_an_architecture_gives_a_fresh_list() -> None:
    first = nets.resnet(18)
    first[0]["kernel_size"] = 99
    first.pop()
    assert nets.resnet(18)[0]["kernel_size"] == 7
    for layers in (nets.googlenet(), nets.vgg(16), nets.resnet(50)):
        assert len({id(layer) for layer in layers}) == len(layers)
