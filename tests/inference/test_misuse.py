"""What a user may get wrong with any test is answered by name, never by a stray exception."""

import inspect
import warnings

import pandas as pd
import pytest

from switchstats import inference, rates
from switchstats.errors import SwitchstatsError, UsageError
from switchstats.inference import (
    barnard,
    beta_binomial,
    breslow_day,
    cluster_robust,
    cmh,
    equivalence,
    mantel_haenszel,
    mixed_logit,
    power_by_simulation,
    retailer_bootstrap,
    stratified_miettinen_nurminen,
    welch,
    wild_bootstrap,
)
from switchstats.labels import Text
from switchstats.rates import decompose, group_rates, proportion_interval, standardise
from switchstats.values import Counts, Retailer

NAMES = [f"{side}{place}" for side in "ie" for place in range(4)]
GROUP = {"i": "incumbent", "e": "entrant"}
FULL = [3, 4, 6], [20, 30, 25], [5, 6, 4], [20, 25, 30]


@pytest.fixture(scope="module")
def counts() -> Counts:
    rows = [
        {
            "retailer": name,
            "area": area,
            "period_start": "2023-01-01",
            "period_end": "2023-02-01",
            "requests": 60 + 7 * place,
            "errors": 5 + (3 * place + int(area)) % 8,
        }
        for place, name in enumerate(NAMES)
        for area in ("01", "02")
    ]
    retailers = [Retailer(name, Text(name, name), GROUP[name[0]]) for name in NAMES]
    return Counts.of(pd.DataFrame(rows), retailers)


@pytest.mark.parametrize(
    "test",
    [cmh, mantel_haenszel, breslow_day, stratified_miettinen_nurminen, beta_binomial, mixed_logit],
)
def test_one_stratum_is_named_like_several(counts, test) -> None:
    one, listed = test(counts, by="area"), test(counts, by=("area",))
    assert one.p_value == listed.p_value


def test_one_stratum_of_rates_is_named_like_several(counts) -> None:
    assert standardise(counts, "area") == standardise(counts, ["area"])
    half = Counts.of(counts.frame.drop(columns="group").query("errors > 6"), counts.retailers)
    assert decompose(counts, half, by="retailer") == decompose(counts, half, by=("retailer",))


def test_a_margin_after_the_data_is_a_margin_by_name(counts) -> None:
    for data in ((counts,), ([0.1, 0.2, 0.15], [0.2, 0.3, 0.1]), FULL):
        assert equivalence(*data, 0.1) == equivalence(*data, margin=0.1)
        with pytest.raises(UsageError, match="equivalence needs a margin"):
            equivalence(*data)


@pytest.mark.parametrize("test", [welch, cluster_robust, barnard, group_rates, cmh])
def test_a_period_as_text_is_refused(counts, test) -> None:
    with pytest.raises(UsageError, match="period must be a Period"):
        test(counts, period="2022")


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 2.5, "three", 10**21, 2**60])
@pytest.mark.parametrize("test", [welch, cluster_robust, barnard])
def test_impossible_numbers_are_refused_without_a_warning(test, bad) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UsageError, match=r"whole numbers|requests at most"):
            test([1, 2], [10, bad], [3, 4], [20, 20])


def test_a_sum_that_is_not_exact_is_refused() -> None:
    most = 10**15
    assert welch([1, 2], [most // 2 - 1, most // 2], [3, 4], [20, 20]).p_value > 0
    with pytest.raises(UsageError, match="requests at most"):
        welch([1, 2], [most // 2 + 1, most // 2], [3, 4], [20, 20])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: retailer_bootstrap(*FULL), "give a seed"),
        (lambda: power_by_simulation(*FULL, effect=0.1), "give a seed"),
        (lambda: proportion_interval([1, 2], [3, 4]), "proportion_limits"),
        (lambda: mantel_haenszel([1, 2], [10, 20], [3], [30]), "e1 has 2, n1 has 2, e0 has 1"),
        (lambda: cluster_robust(*FULL, df="many"), "'usual' or 'effective'"),
        (lambda: cluster_robust(*FULL, cluster="gaining"), "'two-way'"),
        (lambda: cluster_robust(*FULL, cluster="two-way"), "the stratum 'losing'"),
        (lambda: cluster_robust([3, 4], cluster="dyadic"), "the stratum 'losing'"),
    ],
)
def test_the_message_says_what_to_give(call, message) -> None:
    with pytest.raises(UsageError, match=message):
        call()


def test_plain_numbers_have_a_first_and_a_second_group() -> None:
    for given, group in ((([], [], *FULL[2:]), "first"), ((*FULL[:2], [1], [9]), "second")):
        with pytest.raises(SwitchstatsError, match=f"the {group} group has"):
            wild_bootstrap(*given)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("change", [lambda part: part[:-1], lambda part: [*part, 1]])
def test_lists_of_two_lengths_are_refused(place, change) -> None:
    given = [change(part) if place == here else part for here, part in enumerate(FULL)]
    with pytest.raises(UsageError, match=f"the {'first' if place < 2 else 'second'} group has"):
        wild_bootstrap(*given)


@pytest.mark.parametrize("errors", [-1, 21])
def test_errors_lie_between_none_and_the_requests(errors) -> None:
    message = r"errors of the (first|second) group must lie between 0 and the requests"
    for given in (
        ([errors, *FULL[0][1:]], *FULL[1:]),
        (*FULL[:2], [errors, *FULL[2][1:]], FULL[3]),
    ):
        with pytest.raises(UsageError, match=message):
            wild_bootstrap(*given)


@pytest.mark.parametrize("room", [inference, rates])
def test_signatures_are_short_enough_to_read(room) -> None:
    for name in room.__all__:
        public = getattr(room, name)
        if inspect.isfunction(public):
            assert "_NestedSequence" not in str(inspect.signature(public)), name
