"""The reference of a2_shapes against PyTorch, built from the same lists of layers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from checks import architectures as nets
from checks.architectures import Layer
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.assignment import module_from

torch = pytest.importorskip("torch")
nn = torch.nn
pytestmark = pytest.mark.torch

SOLUTION = Path(__file__).parents[1] / "solutions" / "a2_shapes" / "reference.py"
reference: Any = module_from(SOLUTION.read_text(encoding="utf-8"), SOLUTION)

Shape = tuple[int, ...]


class Residual(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self, body: Any, shortcut: Any) -> None:
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: Any) -> Any:
        out, identity = self.body(x), self.shortcut(x)
        assert out.shape == identity.shape
        return out + identity


class Branches(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self, paths: list[Any]) -> None:
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x: Any) -> Any:
        return torch.cat([path(x) for path in self.paths], dim=1)


def build(layers: list[Layer], shape: Shape) -> Any:
    """Return the network, its sizes found by running each layer as it is made."""
    modules = []
    x = torch.empty(1, *shape)
    for layer in layers:
        module = module_of(layer, x)
        x = module(x)
        modules.append(module)
    return nn.Sequential(*modules)


def module_of(layer: Layer, x: Any) -> Any:
    options = {key: value for key, value in layer.items() if key != "type"}
    shape = tuple(x.shape[1:])
    makers: dict[str, Callable[[], Any]] = {
        "conv": lambda: nn.Conv2d(shape[0], **options),
        "max_pool": lambda: nn.MaxPool2d(**options),
        "avg_pool": lambda: nn.AvgPool2d(**options),
        "global_avg_pool": lambda: nn.AdaptiveAvgPool2d(1),
        "batch_norm": lambda: nn.BatchNorm2d(shape[0]).eval(),
        "relu": nn.ReLU,
        "sigmoid": nn.Sigmoid,
        "flatten": nn.Flatten,
        "linear": lambda: nn.Linear(shape[0], **options),
        "residual": lambda: Residual(
            build(options["body"], shape), build(options["shortcut"], shape)
        ),
        "branches": lambda: Branches([build(p, shape) for p in options["branches"]]),
    }
    return makers[layer["type"]]()


def learned(module: Any) -> int:
    return sum(p.numel() for p in module.parameters())


def counted_macs(network: Any, shape: Shape) -> int:
    """Run the network and count what its convolution and linear modules multiply."""
    macs = 0

    def count(module: Any, _: Any, out: Any) -> None:
        nonlocal macs
        macs += out[0].numel() * module.weight[0].numel()

    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(count)
    network(torch.empty(1, *shape))
    return macs


def seen_pixels(network: Any, shape: Shape) -> tuple[int, int]:
    """Return height and width of what the middle output pixel depends on.

    Every weight is positive and averages stand for maxima, so that no path is hidden.
    """
    x = torch.rand(1, *shape, dtype=torch.float64, requires_grad=True)
    network = network.double()
    for parameter in network.parameters():
        nn.init.constant_(parameter, 1.0)
    out = network(x)
    out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    rows, columns = (x.grad[0].abs().sum(dim=0) > 0).nonzero(as_tuple=True)
    height = int(rows.max() - rows.min()) + 1
    return height, int(columns.max() - columns.min()) + 1


def up_to_the_head(layers: list[Layer]) -> list[Layer]:
    return layers[: [x["type"] for x in layers].index("flatten")]


PUBLISHED: dict[str, tuple[list[Layer], int, tuple[int, int, int]]] = {
    "LeNet-5": (nets.lenet5(), 28, (61_706, 416_520, 16)),
    "AlexNet, drawn": (
        nets.alexnet("drawn"),
        224,
        (50_844_008, 1_009_945_728, 195),
    ),
    "AlexNet, ungrouped": (
        nets.alexnet("ungrouped"),
        227,
        (62_378_344, 1_135_256_096, 195),
    ),
    "AlexNet, paper": (nets.alexnet("paper"), 227, (60_965_224, 724_406_816, 195)),
    "VGG-16": (nets.vgg(16), 224, (138_357_544, 15_470_264_320, 212)),
    "VGG-19": (nets.vgg(19), 224, (143_667_240, 19_632_062_464, 268)),
    "ResNet-18": (nets.resnet(18), 224, (11_689_512, 1_814_073_344, 435)),
    "ResNet-34": (nets.resnet(34), 224, (21_797_672, 3_663_761_408, 899)),
    "ResNet-50": (nets.resnet(50), 224, (25_557_032, 4_089_184_256, 427)),
    "ResNet-101": (nets.resnet(101), 224, (44_549_160, 7_801_405_440, 971)),
    "ResNet-152": (nets.resnet(152), 224, (60_192_808, 11_513_626_624, 1451)),
    "GoogLeNet": (nets.googlenet(), 224, (6_998_552, 1_582_671_872, 715)),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_architecture_has_the_published_numbers_and_torch_agrees(name: str) -> None:
    layers, side, expected = PUBLISHED[name]
    shape = (1 if name == "LeNet-5" else 3, side, side)
    assert reference.network_totals(layers, shape) == expected
    with torch.device("meta"):
        network = build(layers, shape)
        assert learned(network) == expected[0]
        assert counted_macs(network, shape) == expected[1]


@pytest.mark.parametrize("name", ["LeNet-5", "AlexNet, paper", "VGG-19"])
def test_summary_of_an_architecture_has_torch_rows(name: str) -> None:
    layers, side, _ = PUBLISHED[name]
    shape = (1 if name == "LeNet-5" else 3, side, side)
    with torch.device("meta"):
        assert reference.summarize(layers, shape) == list(torch_rows(layers, shape))


def torch_rows(layers: list[Layer], shape: Shape) -> Iterator[tuple[str, Shape, int]]:
    x = torch.empty(1, *shape)
    for layer in layers:
        module = module_of(layer, x)
        x = module(x)
        yield layer["type"], tuple(x.shape[1:]), learned(module)


small = st.integers(1, 3)
sides = st.integers(1, 24)


@settings(deadline=None, max_examples=200)
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


@settings(deadline=None, max_examples=200)
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
@settings(deadline=None, max_examples=100)
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


@settings(deadline=None, max_examples=40)
@given(chain=st.lists(layer_of_a_chain, max_size=4))
def test_receptive_field_is_where_the_gradient_is_not_zero(chain: list[Layer]) -> None:
    size, jump = reference.receptive_field(chain)
    # An output pixel that is far enough from the padding at the border.
    side = 2 * size + 60 + 2 * jump
    with torch.no_grad():
        network = build(chain, (1, side, side + 7))
    assert seen_pixels(network, (1, side, side + 7)) == (size, size)
    with torch.no_grad():
        moved = support_start(network, side, 1) - support_start(network, side, 0)
    assert moved == jump


def support_start(network: Any, side: int, step: int) -> int:
    """Return the first row of the image that output row `middle + step` sees."""
    with torch.enable_grad():
        x = torch.rand(1, 1, side, side, dtype=torch.float64, requires_grad=True)
        out = network(x)
        out[0, :, out.shape[2] // 2 + step, out.shape[3] // 2].sum().backward()
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
    with torch.no_grad():
        network = build(layers, shape)
    _, _, field = reference.network_totals(layers, shape)
    assert seen_pixels(network, shape) == (field, field)


def test_receptive_field_of_lenet_is_where_the_gradient_is_not_zero() -> None:
    front = up_to_the_head(nets.lenet5())
    front = [x for x in front if x["type"] != "sigmoid"]
    with torch.no_grad():
        network = build(front, (1, 64, 64))
    assert seen_pixels(network, (1, 64, 64)) == (16, 16)


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
    network = build(layers, (3, 50, 60))
    try:
        network(torch.rand(1, 3, *test_hw))
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
