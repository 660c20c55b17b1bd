"""Levels of retailers and strata absorbed, against the same least squares with dummies."""

import numpy as np
import pytest

from switchstats.inference.absorbed import Arm, make_arm, unit_contrasts, unit_path

CLOSED_FORM = 1e-9  # both sides solve the same normal equations


def _cells(rng: np.random.Generator, n: int = 160) -> dict[str, np.ndarray]:
    requests = rng.integers(1, 60, n).astype(float)
    return {
        "unit": rng.integers(0, 8, n),
        "stratum": rng.integers(0, 12, n),
        "other": rng.integers(0, 5, n),
        "requests": requests,
        "errors": rng.binomial(requests.astype(int), 0.2).astype(float),
        "exposed": rng.random(n),
    }


def _by_dummies(cells: dict[str, np.ndarray], columns: np.ndarray, names: list[str]) -> np.ndarray:
    """Weighted least squares with a dummy a level; the minimum-norm solution is as good as any."""
    dummies = [np.eye(cells[name].max() + 1)[cells[name]] for name in names]
    design = np.hstack([columns, *dummies])
    root = np.sqrt(cells["requests"])
    rates = cells["errors"] / cells["requests"]
    return np.linalg.lstsq(design * root[:, None], rates * root, rcond=None)[0]


def _arm(cells: dict[str, np.ndarray], **more: np.ndarray | None) -> Arm:
    return make_arm(
        np.arange(cells["unit"].size),
        unit=cells["unit"],
        stratum=cells["stratum"],
        requests=cells["requests"],
        outcomes=cells["errors"][:, None],
        variances=np.array([0.16]),
        n_units=8,
        **more,
    )


@pytest.mark.parametrize("names", [["unit", "stratum"], ["unit", "stratum", "other"]])
def test_the_effect_is_that_of_least_squares_with_dummies(names: list[str]) -> None:
    cells = _cells(np.random.default_rng(1))
    x = np.where(cells["unit"] == 3, cells["exposed"], 0.0)
    arm = _arm(cells, other=cells["other"] if "other" in names else None)
    found = unit_contrasts([arm], {3: lambda at: x[at, None]}, n_units=8)[3]
    expected = _by_dummies(cells, x[:, None], names)[0]
    assert found.estimate[0] == pytest.approx(expected, abs=CLOSED_FORM)


def test_the_sampling_variance_is_that_of_a_linear_estimate() -> None:
    # the estimate is a sum of weights times cell means; each mean has variance 0.16 / requests
    cells = _cells(np.random.default_rng(2))
    x = np.where(cells["unit"] == 3, cells["exposed"], 0.0)

    def estimate(errors: np.ndarray) -> float:
        return _by_dummies({**cells, "errors": errors}, x[:, None], ["unit", "stratum"])[0]

    zero = np.zeros(x.size)
    weights = np.array(
        [estimate(cells["requests"] * row) - estimate(zero) for row in np.eye(x.size)]
    )
    arm = _arm(cells)
    found = unit_contrasts([arm], {3: lambda at: x[at, None]}, n_units=8)[3]
    expected = float(np.sum(weights**2 * 0.16 / cells["requests"]))
    assert found.variance[0] == pytest.approx(expected, rel=1e-6)


def test_scores_of_all_retailers_sum_to_nothing_but_are_not_nothing() -> None:
    # residuals are orthogonal to every column of the model, so that all departures cancel
    cells = _cells(np.random.default_rng(3))
    x = np.where(cells["unit"] == 3, cells["exposed"], 0.0)
    arm = _arm(cells)
    found = unit_contrasts([arm], {3: lambda at: x[at, None]}, n_units=8)[3]
    assert found.scores.sum() == pytest.approx(0.0, abs=CLOSED_FORM)
    assert np.abs(found.scores).max() > 0.001


def test_own_periods_take_out_what_moves_all_requests_of_a_retailer() -> None:
    """A shock to the retailer's period in both arms cancels; without own periods it does not."""
    periods = np.tile(np.arange(4), 4)
    unit = np.repeat([0, 1, 0, 1], 4)
    area = np.repeat([0, 0, 1, 1], 4)
    exposed = np.isin(periods, [0, 1]) & (unit == 0) & (area == 0)
    shock = np.array([0.10, 0.0, 0.02, 0.0])
    rates = 0.2 - 0.03 * exposed + np.where(unit == 0, shock[periods], 0.0)
    requests = np.full(16, 1000.0)
    arms = [
        make_arm(
            np.flatnonzero(area == one),
            unit=unit,
            stratum=periods,
            requests=requests,
            outcomes=(requests * rates)[:, None],
            variances=np.array([0.16]),
            n_units=2,
        )
        for one in (0, 1)
    ]
    own = np.eye(4)[periods]
    with_own = unit_contrasts(
        arms, {0: lambda at: np.hstack([own[at], exposed[at, None]])}, n_units=2
    )[0]
    without = unit_contrasts(arms[:1], {0: lambda at: exposed[at, None].astype(float)}, n_units=2)[
        0
    ]
    assert with_own.estimate[0] == pytest.approx(-0.03, abs=CLOSED_FORM)
    # mean of the shocks 0.10, 0 before less that of 0.02, 0 after is 0.04
    assert without.estimate[0] == pytest.approx(-0.03 + 0.04, abs=CLOSED_FORM)


def test_a_stratum_of_one_retailer_compares_nothing() -> None:
    arm = make_arm(
        np.arange(3),
        unit=np.array([0, 1, 0]),
        stratum=np.array([0, 0, 1]),
        requests=np.array([10.0, 20.0, 30.0]),
        outcomes=np.array([[1.0], [2.0], [3.0]]),
        variances=np.array([0.1]),
        n_units=2,
    )
    assert arm is not None
    assert arm.left_out.tolist() == [30.0, 0.0]
    alone = make_arm(
        np.arange(2),
        unit=np.array([0, 1]),
        stratum=np.array([0, 1]),
        requests=np.array([10.0, 20.0]),
        outcomes=np.array([[1.0], [2.0]]),
        variances=np.array([0.1]),
        n_units=2,
    )
    assert alone is None


def test_what_the_data_do_not_determine_has_no_estimate() -> None:
    # exposure that never varies within the retailer is its level
    cells = _cells(np.random.default_rng(4))
    arm = _arm(cells)
    constant = np.where(cells["unit"] == 3, 1.0, 0.0)
    assert unit_contrasts([arm], {3: lambda at: constant[at, None]}, n_units=8) == {}
    estimates, variances = unit_path([arm], 3, lambda at: constant[at, None], 1)
    assert np.isnan(estimates).all()
    assert np.isnan(variances).all()
    assert unit_contrasts([arm], {99: lambda at: constant[at, None]}, n_units=100) == {}


def test_two_exposed_retailers_are_fitted_together() -> None:
    cells = _cells(np.random.default_rng(5))
    one, other = (np.where(cells["unit"] == unit, cells["exposed"], 0.0) for unit in (3, 5))
    arm = _arm(cells)
    columns = {3: lambda at: one[at, None], 5: lambda at: other[at, None]}
    found = unit_contrasts([arm], columns, n_units=8)
    expected = _by_dummies(cells, np.column_stack([one, other]), ["unit", "stratum"])
    assert found[3].estimate[0] == pytest.approx(expected[0], abs=CLOSED_FORM)
    assert found[5].estimate[0] == pytest.approx(expected[1], abs=CLOSED_FORM)
