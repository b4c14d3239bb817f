"""q2_feature_size, public: stacks worked out by hand, and no traces."""

from checks import equal
from checks.architectures import avg_pool, batch_norm, conv, max_pool, relu
from checks.networks import no_traces, tried_features
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_feature_size"

STACK = [conv(6, 5), relu(), max_pool(2, 2), conv(16, 5, stride=2), relu()]


@test_case(name="a convolution alone", points=0.5)
def test_alone(feature_size):
    equal(tried_features(feature_size, [conv(4, 3)], 1, 10)["size"], 4 * 8 * 8)


@test_case(name="a stack of layers", points=0.5)
def test_stack(feature_size):
    # 32 -> 28 -> 14 -> 5 pixels, 16 channels
    equal(tried_features(feature_size, STACK, 1, 32)["size"], 16 * 5 * 5)


@test_case(name="two channels", points=0.5)
def test_channels(feature_size):
    equal(tried_features(feature_size, [avg_pool(3, 3)], 2, 11)["size"], 2 * 3 * 3)


@test_case(name="the statistics of a normalisation stay as they were", points=0.5)
def test_untouched(feature_size):
    layers = [conv(3, 3, padding=1), batch_norm(), relu()]
    facts = tried_features(feature_size, layers, 1, 6)
    no_traces(facts)
    equal(facts["size"], 3 * 6 * 6)


@test_case(name="layers that came in eval mode are left in it", points=0.5)
def test_eval(feature_size):
    layers = [conv(3, 3, padding=1), batch_norm(), relu()]
    facts = tried_features(feature_size, layers, 1, 6, train=False)
    no_traces(facts)
    equal(facts["size"], 3 * 6 * 6)
