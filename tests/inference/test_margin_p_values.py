"""Equivalence of many data sets is that of one after the other."""

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference import equivalence
from switchstats.inference.margin_p_values import equivalence_p_values

# The same sums in another order.
TOLERANCE = 1e-12


@pytest.mark.parametrize("method", ["cluster_robust", "welch"])
def test_many_data_sets_are_tested_like_one(method):
    rng = np.random.default_rng(1)
    requests = rng.integers(20, 400, (6, 9))
    errors = rng.binomial(requests, rng.beta(12, 55, (6, 9)))
    # the first group need not stand first
    first = np.array([True, False, True, False, True, False, True, False, False])
    one_by_one = [
        equivalence(e[first], n[first], e[~first], n[~first], margin=0.05, method=method).p_value
        for e, n in zip(errors, requests, strict=True)
    ]
    found = equivalence_p_values(errors, requests, first, margin=0.05, method=method)
    assert found == pytest.approx(one_by_one, rel=TOLERANCE)


def test_undefined_data_sets_are_no_numbers():
    alike = equivalence_p_values([10] * 4, [100] * 4, [True, True, False, False], margin=0.05)
    assert np.isnan(alike)
    alone = [10, 20, 30], [100] * 3, [True, False, False]
    assert np.isnan(equivalence_p_values(*alone, margin=0.05, method="welch"))


def test_an_unknown_method_is_refused():
    with pytest.raises(UsageError, match="method must be"):
        equivalence_p_values([1] * 4, [9] * 4, [1, 1, 0, 0], margin=0.1, method="z")
