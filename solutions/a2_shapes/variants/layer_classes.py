"""Object-oriented: a dataclass a layer type, which knows its shape, weights and work."""
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass
class Axis:
    n: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def reach(self):
        return self.kernel + (self.kernel - 1) * (self.dilation - 1)

    @property
    def padded(self):
        return self.before + self.n + self.after

    def outputs(self):
        if self.reach > self.padded:
            raise ValueError(f"{self.reach} pixels of kernel on {self.padded}")
        return 1 + (self.padded - self.reach) // self.stride

    def same(self):
        want = (self.n + self.stride - 1) // self.stride
        lack = (want - 1) * self.stride + self.reach - self.n
        lack = 0 if lack < 0 else lack
        return Axis(
            self.n, self.kernel, self.stride, lack // 2, lack - lack // 2, self.dilation
        )


class Layer(ABC):
    kinds: ClassVar[dict] = {}

    def __init_subclass__(cls, kind=""):
        for k in kind.split():
            Layer.kinds[k] = cls

    @staticmethod
    def of(description):
        cls = Layer.kinds[description["type"]]
        return cls(**{f.name: description[f.name] for f in fields(cls)})

    @abstractmethod
    def shape(self, s): ...

    def weights(self, s):
        return 0

    def macs(self, s):
        return 0

    def field(self, size, jump):
        return size, jump


@dataclass
class Conv(Layer, kind="conv"):
    out_channels: int
    kernel_size: object
    stride: object = 1
    padding: object = 0
    dilation: object = 1
    groups: int = 1
    bias: bool = True

    def _axes(self, s):
        for i, n in enumerate(s[1:]):
            k, st, p, d = (
                x[i] if isinstance(x, (list, tuple)) else x
                for x in (self.kernel_size, self.stride, self.padding, self.dilation)
            )
            if p == "same":
                yield Axis(n, k, st, dilation=d).same()
            elif p == "valid":
                yield Axis(n, k, st, dilation=d)
            else:
                yield Axis(n, k, st, p, p, d)

    def shape(self, s):
        h, w = (axis.outputs() for axis in self._axes(s))
        return self.out_channels, h, w

    @property
    def area(self):
        k = self.kernel_size
        return k[0] * k[1] if isinstance(k, (list, tuple)) else k**2

    def weights(self, s):
        deep, rest = divmod(s[0], self.groups)
        _, rest2 = divmod(self.out_channels, self.groups)
        if rest or rest2:
            raise ValueError("channels do not split into groups")
        return self.out_channels * (deep * self.area + (1 if self.bias else 0))

    def macs(self, s):
        _, h, w = self.shape(s)
        return h * w * self.area * s[0] * self.out_channels // self.groups

    def field(self, size, jump):
        return size + (self.kernel_size - 1) * self.dilation * jump, jump * self.stride


@dataclass
class Pool(Layer, kind="max_pool avg_pool"):
    kernel_size: int
    stride: int
    padding: int
    ceil_mode: bool

    def outputs(self, n):
        if not self.ceil_mode:
            return Axis(n, self.kernel_size, self.stride, self.padding, self.padding).outputs()
        # torch: divide with stride - 1 more, then take back what starts outside
        span = n + 2 * self.padding - self.kernel_size + self.stride - 1
        out = span // self.stride + 1
        return out - ((out - 1) * self.stride >= n + self.padding)

    def shape(self, s):
        return s[0], self.outputs(s[1]), self.outputs(s[2])

    def field(self, size, jump):
        return size + (self.kernel_size - 1) * jump, jump * self.stride


@dataclass
class Global(Layer, kind="global_avg_pool"):
    def shape(self, s):
        return s[0], 1, 1


@dataclass
class Same(Layer, kind="relu sigmoid"):
    def shape(self, s):
        return s


@dataclass
class Norm(Layer, kind="batch_norm"):
    def shape(self, s):
        return s

    def weights(self, s):
        return s[0] + s[0]


@dataclass
class Flatten(Layer, kind="flatten"):
    def shape(self, s):
        c, h, w = s
        return (c * h * w,)


@dataclass
class Linear(Layer, kind="linear"):
    out_features: int
    bias: bool

    def shape(self, s):
        return (self.out_features,)

    def weights(self, s):
        return self.macs(s) + (self.out_features if self.bias else 0)

    def macs(self, s):
        return self.out_features * s[0]


class Paths(Layer):
    def field(self, size, jump):
        ends = [path.field(size, jump) for path in self.paths()]
        return max(ends)[0], ends[0][1]

    def weights(self, s):
        return sum(path.weights(s) for path in self.paths())

    def macs(self, s):
        return sum(path.macs(s) for path in self.paths())


@dataclass
class Residual(Paths, kind="residual"):
    body: list
    shortcut: list

    def paths(self):
        return Network(self.body), Network(self.shortcut)

    def shape(self, s):
        return Network(self.body).shape(s)


@dataclass
class Branches(Paths, kind="branches"):
    branches: list

    def paths(self):
        return [Network(path) for path in self.branches]

    def shape(self, s):
        shapes = [path.shape(s) for path in self.paths()]
        return (sum(x[0] for x in shapes), *shapes[-1][1:])


class Network(Layer):
    def __init__(self, layers):
        self.layers = [(d["type"], Layer.of(d)) for d in layers]

    def rows(self, s):
        for kind, layer in self.layers:
            after = layer.shape(s)
            yield kind, after, layer.weights(s), layer.macs(s), s
            s = after

    def shape(self, s):
        for _, s, *_ in self.rows(s):
            pass
        return s

    def weights(self, s):
        return sum(row[2] for row in self.rows(s))

    def macs(self, s):
        return sum(row[3] for row in self.rows(s))

    def field(self, size, jump):
        for _, layer in self.layers:
            size, jump = layer.field(size, jump)
        return size, jump


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    return Axis(n, kernel_size, stride, padding, padding, dilation).outputs()


def same_padding(n, kernel_size, stride=1, dilation=1):
    axis = Axis(n, kernel_size, stride, dilation=dilation).same()
    return axis.before, axis.after


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    return Conv(c_out, kernel_size, stride, padding, dilation).shape(input_shape)


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    return Conv(c_out, kernel_size, bias=bias, groups=groups).weights((c_in,))


def linear_params(in_features, out_features, bias=True):
    return Linear(out_features, bias).weights((in_features,))


def can_infer(layers, train_hw, test_hw):
    def inputs(hw):
        rows = Network(layers).rows((3, *hw))
        return [before[0] for kind, *_, before in rows if kind == "linear"]

    try:
        return inputs(train_hw) == inputs(test_hw)
    except ValueError:
        return False


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    step = kernel_size if stride is None else stride
    return Pool(kernel_size, step, padding, ceil_mode).outputs(n)


def receptive_field(layers):
    return Network(layers).field(1, 1)


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    return Conv(c_out, kernel_size, stride, padding, dilation, groups).macs(input_shape)


def conv_flops(*settings, **more):
    return 2 * conv_macs(*settings, **more)


def summarize(layers, input_shape):
    return [row[:3] for row in Network(layers).rows(input_shape)]


def network_totals(layers, input_shape):
    net = Network(layers)
    return net.weights(input_shape), net.macs(input_shape), net.field(1, 1)[0]
