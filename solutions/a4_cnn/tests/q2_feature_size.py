"""q2_feature_size, hidden: random stacks, modes, an image that no size fits."""

from checks import case_rng, equal
from checks.architectures import avg_pool, batch_norm, conv, max_pool, relu
from checks.networks import no_traces, tried_features
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_feature_size"

LAYERS = [
    *(conv(4, 3), batch_norm(), relu(), conv(5, 2), batch_norm(), relu()),
    *(conv(7, 1), batch_norm()),
]


@test_case(name="random stacks", points=0.5, hidden=True)
def test_random(feature_size, reference):
    rng = case_rng()
    for _ in range(4):
        kernel, stride, padding = (int(rng.integers(1, n)) for n in (6, 4, 3))
        layers = [
            conv(int(rng.integers(2, 9)), kernel, stride=stride, padding=padding),
            relu(),
            (max_pool, avg_pool)[rng.integers(2)](2, int(rng.integers(1, 3))),
            conv(int(rng.integers(2, 9)), 1),
        ]
        arguments = layers, int(rng.integers(1, 5)), int(rng.integers(20, 40))
        expected = tried_features(reference.feature_size, *arguments)["size"]
        equal(tried_features(feature_size, *arguments)["size"], expected)


@test_case(name="maps that are not square", points=0.5, hidden=True)
def test_oblong(feature_size, reference):
    rng = case_rng()
    for kernel in ((2, 5), (4, 1), (1, 3)):
        out_channels = int(rng.integers(2, 9))
        oblong = {**conv(out_channels, 1), "kernel_size": kernel}
        arguments = [conv(3, 3), oblong, relu()], 1, int(rng.integers(12, 20))
        expected = tried_features(reference.feature_size, *arguments)["size"]
        equal(tried_features(feature_size, *arguments)["size"], expected)


@test_case(name="the layers' modes and statistics stay", points=1, hidden=True)
def test_traces(feature_size):
    for train in (True, False):
        facts = tried_features(feature_size, LAYERS, 1, 9, train=train)
        no_traces(facts)
        equal(facts["size"], 7 * 6 * 6)


@test_case(
    name="some layers came in train mode, others in eval", points=0.5, hidden=True
)
def test_mixed_modes(feature_size):
    modes = [True, False, True, False, True, False, True, False]
    facts = tried_features(feature_size, LAYERS, 1, 9, train=modes)
    no_traces(facts)
    equal(facts["size"], 7 * 6 * 6)
