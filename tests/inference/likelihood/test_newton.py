"""Newton's climbs: which end at a maximum, and which say that they did not."""

import numpy as np
import pytest

from switchstats.inference.likelihood.newton import Likelihood, maximise

SAME = 1e-7


def parabola(x):
    return -(x**2) / 2, -x, -np.ones_like(x)


def slope(x):
    # rises without end, and is straight
    return x, np.ones_like(x), np.zeros_like(x)


def edge(x):
    # its maximum, at 0, has no derivative: steps of one are halved until they rise no more
    return -np.abs(x), -np.sign(x), -np.ones_like(x)


def off(slip):
    # level for the eye, with a gradient that rounding left over
    def nearly(x):
        return np.zeros_like(x), np.full_like(x, slip), -np.ones_like(x)

    return nearly


def together(*functions):
    """Return the log-likelihood of as many data sets, of one parameter."""

    def evaluate(at, which, *, curved=True):
        parts = [functions[place](at[row]) for row, place in enumerate(which)]
        value, gradient, hessian = (np.array(part) for part in zip(*parts, strict=True))
        return Likelihood(value[:, 0], gradient, hessian[:, :, None])

    return evaluate


@pytest.mark.parametrize("others", [[], [parabola], [slope, parabola]])
@pytest.mark.parametrize(("function", "reached"), [(parabola, True), (slope, False), (edge, False)])
def test_a_climb_says_whether_it_ended_at_a_maximum(function, reached, others):
    functions = [*others, function]
    found = maximise(together(*functions), np.full((len(functions), 1), 0.3), [0])
    assert bool(found.reached[-1]) is reached
    assert found.reached.tolist() == [one is parabola for one in functions]
    for at, one in zip(found.at[:, 0], functions, strict=True):
        assert at > 100 if one is slope else at == pytest.approx(0, abs=SAME)


@pytest.mark.parametrize(
    ("slip", "reached"),
    # the squared distance in standard errors is slip squared: 9e-10 and 1.1e-9, about the 1e-9
    # that counts where the value rises no more
    [(3e-5, True), (3.3166e-5, False)],
)
def test_what_rounding_leaves_of_a_gradient_is_no_distance(slip, reached):
    assert maximise(together(off(slip)), np.zeros((1, 1)), [0]).reached.tolist() == [reached]
