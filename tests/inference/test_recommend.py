"""Which test is named for which data, and what is refused; the rules' sizes are calibrated."""

import json
from dataclasses import replace

import pandas as pd
import pytest

import switchstats as ss
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import read_two_groups
from switchstats.inference.recommend import choose, facts_of
from switchstats.inference.recommendation import Facts
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

MONTHS = [
    {"period_start": "2023-01-01", "period_end": "2023-02-01"},
    {"period_start": "2023-02-01", "period_end": "2023-03-01"},
]
EQUAL, REQUESTS = "equal_weight_difference", "request_weighted_difference"
MODEL = "mean_rates_log_odds_ratio"

TEN_A_SIDE = Facts(
    n_by_group=(10, 10),
    n_effective=(6.0, 7.0),
    largest_share=(0.3, 0.2),
    pooled_rate=0.18,
    varies=True,
    expected_errors=300.0,
)


def named(facts: Facts, level: float = 0.95) -> dict[str, tuple[str, dict, bool]]:
    return {
        choice.estimand: (choice.test, dict(choice.options), choice.holds)
        for choice in choose(facts, level=level)
    }


def jackknife(weighting: str) -> tuple[str, dict]:
    return "cluster_robust", {"estimator": "CR3", "df": "effective", "weighting": weighting}


@pytest.mark.parametrize(
    ("changed", "equal", "requests"),
    [
        ({}, True, True),
        ({"n_by_group": (4, 8)}, True, True),
        # more than twice as many in one group
        ({"n_by_group": (4, 9)}, True, False),
        ({"n_by_group": (700, 10)}, True, False),
        # few exposed
        ({"n_by_group": (3, 7)}, False, False),
        ({"n_by_group": (3, 3)}, False, False),
        # rates near 0, and near 1
        ({"pooled_rate": 0.049}, False, False),
        ({"pooled_rate": 0.96}, False, False),
        ({"pooled_rate": 0.05}, True, True),
    ],
)
def test_the_rules(changed: dict, equal: bool, requests: bool) -> None:
    found = named(replace(TEN_A_SIDE, **changed))
    assert found == {
        EQUAL: (*jackknife("equal"), equal),
        REQUESTS: (*jackknife("requests"), requests),
    }


def test_a_test_that_is_not_sound_says_why() -> None:
    for changed, n_reasons in (
        ({}, (0, 0)),
        ({"n_by_group": (4, 9)}, (0, 1)),
        ({"n_by_group": (3, 4)}, (1, 1)),
        ({"n_by_group": (3, 9), "pooled_rate": 0.01}, (2, 3)),
    ):
        equal, requests = choose(replace(TEN_A_SIDE, **changed))
        assert (len(equal.reasons) - 3, len(requests.reasons) - 3) == n_reasons


def test_sparse_data_get_the_model_besides() -> None:
    sparse = replace(TEN_A_SIDE, expected_errors=2.5)
    assert list(named(sparse)) == [EQUAL, REQUESTS, MODEL]
    assert named(sparse)[MODEL] == ("beta_binomial", {"reference": "t"}, False)
    assert named(sparse)[EQUAL][2]
    for changed in ({"n_by_group": (4, 30)}, {"expected_errors": 5.0}, {"expected_errors": 0.0}):
        assert MODEL not in named(replace(sparse, **changed))


def test_a_single_retailer_gets_a_permutation_that_is_not_vouched_for() -> None:
    # 1 against 20: exact among 21, p of at least 1 / 21
    lonely = replace(TEN_A_SIDE, n_by_group=(1, 20))
    assert named(lonely) == {
        EQUAL: ("permutation", {"weighting": "equal"}, False),
        REQUESTS: ("permutation", {"weighting": "requests"}, False),
    }
    # 1 against 18: p of at least 1 / 19
    assert named(replace(TEN_A_SIDE, n_by_group=(1, 18))) == {}
    assert len(named(replace(TEN_A_SIDE, n_by_group=(1, 18)), level=0.9)) == 2


def test_without_variation_there_is_no_test() -> None:
    assert named(replace(TEN_A_SIDE, varies=False)) == {}


def test_cautions_say_what_may_mislead() -> None:
    codes = {
        name: {caution.code for choice in choose(facts) for caution in choice.cautions}
        for name, facts in {
            "nothing": TEN_A_SIDE,
            "few": replace(TEN_A_SIDE, n_by_group=(3, 7)),
            "one": replace(TEN_A_SIDE, largest_share=(0.9, 0.2)),
        }.items()
    }
    assert codes == {
        "nothing": {"losing_unknown"},
        "few": {"losing_unknown", "few_retailers"},
        "one": {"losing_unknown", "one_retailer_decides"},
    }
    equal = choose(replace(TEN_A_SIDE, largest_share=(0.9, 0.2), losing_overlap=0.9))[0]
    assert equal.cautions == ()


def test_groups_with_losing_retailers_of_their_own_are_not_vouched_for() -> None:
    for overlap, holds in ((0.8, True), (0.7, False)):
        choices = choose(replace(TEN_A_SIDE, losing_overlap=overlap))
        assert [choice.holds for choice in choices] == [holds, holds]

    # half of the incumbents' requests leave x, whom entrants never win from
    def cells(losing: str) -> Counts:
        return counts((4, 4), losing=losing)

    both = pd.concat([cells("x").frame.query("group == 'incumbent'"), cells("y").frame])
    found = ss.recommend(Counts.of(both.drop(columns="group"), cells("x").retailers))
    assert found.facts.losing_overlap == pytest.approx(0.5)
    assert not found.primary.holds


def test_facts_by_hand() -> None:
    two = read_two_groups(([10, 30], [100, 300], [5], [50]), test="a test")
    facts = facts_of(two)
    assert facts.n_by_group == (2, 1)
    # shares 1/4 and 3/4
    assert facts.n_effective == (pytest.approx(1.6), 1)
    assert facts.largest_share == (0.75, 1)
    # both of the first group err in one of ten
    assert not facts.varies
    assert facts.pooled_rate == pytest.approx(45 / 450)
    # 45 of 450, the median retailer has 100 requests
    assert facts.expected_errors == pytest.approx(10)


def counts(
    n_by_group: tuple[int, int], months: int = 1, requests: int = 500, **strata: str
) -> Counts:
    sides = [("i", "incumbent", n_by_group[0]), ("e", "entrant", n_by_group[1])]
    who = [
        Retailer(f"{s}{at}", Text(f"{s}{at}", f"{s}{at}"), g)
        for s, g, n in sides
        for at in range(n)
    ]
    rows = [
        {
            "retailer": one.retailer,
            **month,
            **strata,
            "requests": requests,
            "errors": requests * (15 + 2 * (place % 5)) // 100,
        }
        for place, one in enumerate(who)
        for month in MONTHS[:months]
    ]
    return Counts.of(pd.DataFrame(rows), who)


def test_the_choice_runs_as_named() -> None:
    data = counts((5, 7))
    found = ss.recommend(data)
    equal, requests = found.run(data)
    assert found.test == equal.method == "cluster_robust"
    assert (equal.estimand, requests.estimand) == (EQUAL, REQUESTS)
    again = ss.inference.cluster_robust(data, weighting="equal", estimator="CR3", df="effective")
    assert again.p_value == equal.p_value


def test_the_model_and_the_permutation_run_as_named() -> None:
    sparse, lonely = counts((6, 7), requests=20), counts((1, 20))
    model = ss.recommend(sparse).run(sparse)[-1]
    assert (model.method, model.estimand) == ("beta_binomial", MODEL)
    assert [one.method for one in ss.recommend(lonely).run(lonely)] == ["permutation"] * 2


def test_retailers_without_errors_are_refused_by_name() -> None:
    data = counts((5, 5), requests=1)
    assert data.frame["errors"].sum() == 0
    found = ss.recommend(data)
    assert found.run(data) == ()
    assert found.not_computable[0].name == "no_variation"


def test_other_counts_are_refused_one_test_at_a_time() -> None:
    found = ss.recommend(counts((5, 5)))
    refused = found.run(counts((5, 5), requests=1))
    assert [one.name for one in refused] == ["cluster_robust"] * 2
    assert "same rate" in refused[0].reason["en"]


def test_the_choice_does_not_look_at_the_difference() -> None:
    data = counts((6, 6))
    frame = data.frame
    frame.loc[frame["group"] == "entrant", "errors"] += 100
    moved = Counts.of(frame.drop(columns="group"), data.retailers)
    assert ss.recommend(moved).choices[0].options == ss.recommend(data).choices[0].options
    assert ss.recommend(moved).test == ss.recommend(data).test


def test_what_is_not_computable_depends_on_what_is_told_apart() -> None:
    bare = ss.recommend(counts((6, 6)))
    assert [item.name for item in bare.not_computable] == [
        "leak_contrast",
        "by_area",
        "before_after",
        "by_reason",
    ]
    full = counts((6, 6), months=2, area="01", losing_group="entrant", reason="name")
    assert ss.recommend(full).not_computable == ()
    within = ss.recommend(full, period=full.periods[0])
    assert [item.name for item in within.not_computable] == ["before_after"]
    lonely = ss.recommend(counts((1, 4)))
    assert [item.name for item in lonely.not_computable[:2]] == [
        "within_group_spread",
        "permutation",
    ]
    assert (lonely.test, lonely.primary, lonely.run(counts((1, 4)))) == (None, None, ())
    assert (dict(lonely.options), lonely.reasons, lonely.cautions) == ({}, (), ())
    with pytest.raises(NotAnswerableError, match="entrant has 0 retailer"):
        ss.recommend(counts((3, 0)))
    with pytest.raises(UsageError, match="level must be between"):
        ss.recommend(full, level=95)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_shows_itself_in_both_languages(language: str) -> None:
    found = ss.recommend(counts((3, 9)), language=language)
    shown = repr(found)
    for choice in found.choices:
        assert f"{choice.test}(counts" in shown
        for words in (*choice.reasons, *(caution.message for caution in choice.cautions)):
            assert words[language] in shown
    for item in found.not_computable:
        assert item.reason[language] in shown
    assert found._repr_html_().count("<tr>") == 1 + len(found.choices)
    assert "1" not in found.summary(language).splitlines()[-1]


def test_it_turns_into_json() -> None:
    plain = json.loads(json.dumps(ss.recommend(counts((6, 6))).to_dict(), ensure_ascii=False))
    assert plain["test"] == "cluster_robust"
    assert plain["choices"][1]["options"]["weighting"] == "requests"
    assert plain["facts"]["n_by_group"] == [6, 6]
    assert plain["not_computable"][0]["name"] == "leak_contrast"
