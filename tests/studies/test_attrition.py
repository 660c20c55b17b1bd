"""Attrition: numbers by hand, words, refusals, and recovery of what simulated worlds declare."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import binom
from scipy.stats import t as student

import switchstats as ss
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.facts import Registry
from switchstats.labels import Text
from switchstats.simulate import World, simulate_requests, world_registry
from switchstats.studies.attrition.comparison import compared
from switchstats.values import Finding, Journeys, Outcome, Retailer

# Sums and ratios of a few doubles.
TOLERANCE = 1e-12
MONTH = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
DAYS = 60
LEVEL = 0.95


def _journeys(
    resolved: dict[str, int],
    *,
    entered: int = 100,
    withdrawn: int = 0,
    late: dict[str, int] | None = None,
) -> Journeys:
    """Return retailers of which so many of 100 errors are filed again on day 3, resolved on 5."""
    rows: list[dict[str, Any]] = []
    for name, number in resolved.items():
        left = withdrawn if name[0] == "e" else 0
        yes = MONTH | {"retailer": name, "followed": "yes"}
        rows += [
            yes | {"day": 0, "entered": entered},
            yes | {"day": 3, "retried": number + left},
            yes | {"day": 5, "resolved": number, "withdrawn": left},
        ]
    for name, number in (late or {}).items():
        no = MONTH | {"retailer": name, "followed": "no"}
        rows += [
            no | {"day": 0, "entered": 50},
            no | {"day": 3, "retried": number},
            no | {"day": 5, "resolved": number},
            no | {"day": 20, "censored": 50 - number, "censored_before_retry": 50 - number},
        ]
    groups = {"i": "incumbent", "e": "entrant"}
    retailers = [Retailer(n, Text(n, n.upper()), groups[n[0]]) for n in sorted(resolved)]
    return Journeys.of(pd.DataFrame(rows), retailers, DAYS)


BETTER = {f"i{k}": 88 + k for k in range(5)} | {f"e{k}": 68 + k for k in range(5)}
WORSE = {f"i{k}": 68 + k for k in range(5)} | {f"e{k}": 88 + k for k in range(5)}


def test_an_advantage_by_hand() -> None:
    finding = ss.Attrition(margin=0.05).run(_journeys(BETTER))
    verdict = finding.verdict
    # unresolved: 12, 11, …, 8 of 100 against 32, …, 28; means 0.10 and 0.30
    assert verdict.estimate == pytest.approx(-0.2, abs=TOLERANCE)
    # each group: sum of squares 10 / 100^2, jackknife variance of the mean that over (5 - 1)^2
    std_error = (2 * 10 / 100**2 / 4**2) ** 0.5
    assert verdict.p_value == pytest.approx(student.cdf(-0.2 / std_error, 8), rel=1e-6)
    assert verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert verdict.grade.key == "cross_section"
    assert finding.primary is not None
    assert finding.primary.estimand == "unresolved_difference"
    assert verdict.request_weighted is not None
    assert verdict.request_weighted.estimate == pytest.approx(-0.2, abs=TOLERANCE)
    assert finding.rates.of == "unresolved_share"


def test_a_disadvantage_is_no_advantage_with_another_name() -> None:
    finding = ss.Attrition(margin=0.05).run(_journeys(WORSE))
    assert finding.verdict.estimate == pytest.approx(0.2, abs=TOLERANCE)
    assert finding.verdict.outcome is Outcome.RULED_OUT
    assert finding.verdict.disadvantage
    assert "a disadvantage, not an advantage" in finding.paragraph("en")


def test_secondary_tests_by_hand() -> None:
    tests = {
        (test.estimand, test.alternative, test.method): test
        for test in ss.Attrition().run(_journeys(BETTER)).secondary
    }
    # never filed again are here just those never resolved
    retried = tests["not_retried_difference", "less", "cluster_robust"]
    assert retried.estimate == pytest.approx(-0.2, abs=TOLERANCE)
    # mean days: 0.9 * 5 + 0.1 * 60 = 10.5 against 0.7 * 5 + 0.3 * 60 = 21.5, of 60
    waiting = tests["waiting_difference", "less", "welch"]
    assert waiting.quantities["first_days"] == pytest.approx(10.5, abs=1e-9)
    assert waiting.quantities["second_days"] == pytest.approx(21.5, abs=1e-9)
    assert waiting.estimate == pytest.approx(-11 / 60, abs=TOLERANCE)
    naive = tests["unresolved_difference_by_errors", "less", "pooled_z"]
    assert [caution.code for caution in naive.cautions] == ["requests_as_units"]


def test_the_test_is_the_one_that_is_recommended() -> None:
    # 5 against 8 retailers: as ss.recommend says of the same numbers as counts
    resolved = BETTER | {f"e{k}": 66 + k for k in range(8)}
    journeys = _journeys(resolved)
    named = ss.recommend(journeys.lacking("resolved"))
    assert (named.test, named.options["estimator"]) == ("cluster_robust", "CR3")
    primary = ss.Attrition().run(journeys).primary
    assert primary is not None
    assert primary.method == "cluster_robust"
    (direct, _) = named.run(journeys.lacking("resolved"))
    assert (primary.estimate, primary.std_error) == (direct.estimate, direct.std_error)


def test_fewer_days_ask_another_question() -> None:
    # on day 4 nothing is resolved yet
    finding = ss.Attrition(days=4).run(_journeys(BETTER))
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    assert (
        "all retailers have the same rate" in finding.verdict.reasons[0].en or finding.tests == ()
    )
    with pytest.raises(UsageError, match="60 days apart, not 61"):
        ss.Attrition(days=61).run(_journeys(BETTER))


def _check(finding: Finding, name: str) -> Any:
    return next(check for check in finding.checks if check.name == name)


def test_withdrawals_that_carry_the_difference_undo_it() -> None:
    # entrants resolve 70 of 100 and 22 more are withdrawn: 30 points unresolved, or 8 of 78
    resolved = {f"i{k}": 88 + k for k in range(5)} | {f"e{k}": 68 + k for k in range(5)}
    finding = ss.Attrition().run(_journeys(resolved, withdrawn=22))
    check = _check(finding, "withdrawn")
    assert (check.passed, check.undoes) == (False, ("advantage",))
    assert finding.verdict.outcome is Outcome.INCONCLUSIVE
    assert "22.0 %" in check.text.en


def test_an_advantage_of_one_retailer_hangs_on_it() -> None:
    resolved = {f"i{k}": 70 for k in range(1, 5)} | {"i0": 100}
    resolved |= {f"e{k}": 69 + k % 2 for k in range(5)}
    check = _check(ss.Attrition().run(_journeys(resolved)), "leave_one_out")
    assert check.passed is False
    assert "I0" in check.text.en


def test_settling_compares_with_errors_still_followed() -> None:
    same = {name: number // 2 for name, number in BETTER.items()}
    assert _check(ss.Attrition().run(_journeys(BETTER, late=same)), "settling").passed is True
    other = dict.fromkeys(BETTER, 40)
    assert _check(ss.Attrition().run(_journeys(BETTER, late=other)), "settling").passed is False
    assert _check(ss.Attrition().run(_journeys(BETTER)), "settling").passed is None


def test_a_group_that_was_followed_less_is_told() -> None:
    late = {name: 40 for name in BETTER if name[0] == "e"}
    check = _check(ss.Attrition().run(_journeys(BETTER, late=late)), "followed")
    assert check.passed is False
    # all of the incumbents', 100 of 150 of the entrants'
    assert "100.0 %" in check.text.en
    assert "66.7 %" in check.text.en


@pytest.mark.parametrize("margin", [None, 0.05, 0.5])
@pytest.mark.parametrize("resolved", [BETTER, WORSE])
def test_every_word_is_there_in_both_languages(
    resolved: dict[str, int], margin: float | None
) -> None:
    finding = ss.Attrition(margin=margin).run(_journeys(resolved))
    for language in ("ja", "en"):
        said = finding.summary(language)
        assert "{" not in said
    assert "エラー率" not in finding.summary("ja")
    assert "error rate" not in finding.summary("en")
    assert "閲覧によって" not in finding.summary("ja")
    assert "60日間追跡" in finding.summary("ja")
    assert finding.to_dict()["verdict"]["estimand"] == "unresolved_difference"  # type: ignore[index]


def test_inconclusive_is_said_of_resolving() -> None:
    mixed = {f"i{k}": 60 + 10 * (k % 3) for k in range(5)} | {f"e{k}": 60 + 9 * k for k in range(4)}
    for margin, words in ((None, "not a finding of no advantage"), (0.01, "is not ruled out")):
        finding = ss.Attrition(margin=margin).run(_journeys(mixed))
        assert finding.verdict.outcome is Outcome.INCONCLUSIVE
        assert "resolving errors" in finding.paragraph("en")
        assert words in finding.paragraph("en")


def test_the_figure_says_what_its_rates_are() -> None:
    finding = ss.Attrition().run(_journeys(BETTER))
    labels = [axes.get_xlabel() for axes in finding.plot("en").axes]
    assert "Errors not resolved (%)" in labels
    assert "Error rate (%)" not in labels


def test_too_few_retailers_followed_is_refused_by_name() -> None:
    finding = ss.Attrition().run(_journeys({"i0": 50, "i1": 60, "e0": 70}))
    assert finding.verdict.outcome is Outcome.NOT_ANSWERABLE
    (item,) = finding.not_answerable
    assert item.name == "journeys_followed"
    assert "2 incumbents and 1 entrants" in item.reason.en
    assert finding.tests == ()
    assert finding.verdict.period_label.en.startswith("First errors of Jan 2023")


def test_only_unfollowed_errors_are_refused_and_none_at_all_too() -> None:
    late = _journeys(BETTER, late=dict.fromkeys(BETTER, 10)).where(followed="no")
    assert ss.Attrition().run(late).verdict.outcome is Outcome.NOT_ANSWERABLE
    with pytest.raises(NotAnswerableError, match="no errors"):
        ss.Attrition().run(late.where(retailer="nobody"))


def test_what_errors_alone_cannot_say_is_refused() -> None:
    finding = ss.Attrition().run(_journeys(BETTER))
    assert [item.name for item in finding.not_answerable] == ["lost_of_all"]


@pytest.mark.parametrize("options", [{"days": 0}, {"margin": 2}, {"level": 0.4}])
def test_bad_declarations(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ss.Attrition(**options)


# Sixty small worlds are read at once: the retailers of each carry its seed before their names.
SEEDS = 60
ROWS = 8_000


EVEN = {"volume_sigma": 0.3, "area_shares": (0.1,) * 10}


def _world(retry_share: float | None, *, even: bool = False) -> World:
    """Return a world of 10 against 6 retailers, with volumes that are skewed or nearly even."""
    volumes: dict[str, Any] = EVEN if even else {}
    return World(n_retailers=16, incumbent_retry_share=retry_share, **volumes)


def _named(column: Any, seed: int) -> Any:
    return pc.binary_join_element_wise(f"s{seed}", column, "-")


@cache
def _worlds(world: World, n_seeds: int = SEEDS, rows: int = ROWS) -> list[Journeys]:
    retailers: list[Retailer] = []
    tables: list[pa.Table] = []
    for seed in range(n_seeds):
        table = pa.Table.from_batches(simulate_requests(world, rows, seed=seed))
        for name in ("gaining", "losing"):
            at = table.column_names.index(name)
            table = table.set_column(at, name, _named(table[name], seed))
        # numbers of requests repeat between worlds
        tables.append(table.drop_columns(["request_id"]))
        for each in world_registry(world).retailers:
            name = f"s{seed}-{each.retailer}"
            retailers.append(Retailer(name, Text(name, name), each.group, each.area))
    read = ss.read_journeys(pa.concat_tables(tables), registry=Registry(tuple(retailers)))
    assert read.account.read == n_seeds * rows
    assert read.account.quarantined == 0
    frame = read.journeys.frame
    world_of = frame["retailer"].str.partition("-")[0]
    own = {seed: set(names) for seed, names in frame["retailer"].groupby(world_of)}
    return [read.journeys.where(retailer=sorted(own[f"s{seed}"])) for seed in range(n_seeds)]


def _expected_unresolved(world: World, share: float) -> float:
    """Return the share of errors never resolved: three attempts at most, 1 % withdrawn.

    Retries fail with the probability of the first attempt times 0.6 each; of a retailer with an
    error that probability is E[p²] / E[p] on average. Of 60 days' delays nothing is left out: the
    five delays of two retries, of 5 days at most in the mean, take longer once in some hundreds.
    """
    p = world.error_rate + (world.retailer_sd_pp / 100) ** 2 / world.error_rate
    second, third = p * world.retry_factor, p * world.retry_factor**2
    again = share * (1 - world.withdrawn_share)
    return 1 - again * ((1 - second) + second * again * (1 - third))


def test_a_difference_in_retries_is_found_with_its_sign_and_size() -> None:
    # even volumes, so that sixty worlds tell the mean to less than a point
    world = _world(0.6, even=True)
    truth = _expected_unresolved(world, 0.6) - _expected_unresolved(world, world.retry_share)
    assert truth == pytest.approx(0.25, abs=0.01)
    found = [compared(each, ss.Attrition(), DAYS) for each in _worlds(world)]
    for estimates in (
        [each.unresolved("greater").estimate for each in found],
        [each.by_errors("greater").estimate for each in found],  # type: ignore[union-attr]
    ):
        error = float(np.std(estimates, ddof=1)) / SEEDS**0.5
        # within 5 % of the truth, as the studies of the leak promise, and within chance
        assert abs(np.mean(estimates) - truth) < 0.05 * truth
        assert abs(np.mean(estimates) - truth) < 3 * error
    power = [each.unresolved("greater").p_value <= 1 - LEVEL for each in found]
    assert np.mean(power) > 0.9


def test_the_whole_study_tells_who_leaves_more_unresolved() -> None:
    better, worse = (
        ss.Attrition(margin=0.05).run(_worlds(_world(share), 1)[0]) for share in (1.0, 0.6)
    )
    assert better.verdict.outcome is Outcome.ADVANTAGE_SHOWN
    assert worse.verdict.outcome is Outcome.RULED_OUT
    assert worse.verdict.disadvantage


def _false_alarms(worlds: list[Journeys]) -> tuple[int, int]:
    found = [compared(each, ss.Attrition(), DAYS) for each in worlds]
    sides = [[each.unresolved(side).p_value for each in found] for side in ("less", "greater")]
    return tuple(int(np.sum(np.array(side) <= 1 - LEVEL)) for side in sides)  # type: ignore[return-value]


def test_equal_groups_raise_no_more_false_alarms_than_they_may() -> None:
    # a test of this size raises more than this once in a thousand tries
    most = int(binom.isf(0.001, SEEDS, 1 - LEVEL))
    assert most < 12
    assert max(_false_alarms(_worlds(_world(None)))) <= most


@pytest.mark.slow
def test_equal_groups_raise_no_more_false_alarms_in_many_worlds() -> None:
    seeds = 600
    most = int(binom.isf(0.001, seeds, 1 - LEVEL))
    assert max(_false_alarms(_worlds(_world(None), seeds, 12_000))) <= most


def test_every_share_beside_the_verdict_has_the_level_of_the_study() -> None:
    rates = ss.Attrition(level=0.9).run(_journeys(BETTER)).rates
    levels = {each.interval.level for each in rates.retailers if each.interval is not None}
    assert levels == {0.9}
