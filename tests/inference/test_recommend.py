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
    spread=(0.04, 0.05),
    expected_errors=300.0,
)


def named(facts: Facts, level: float = 0.95) -> dict[str, tuple[str, dict, bool]]:
    return {
        choice.estimand: (choice.test, dict(choice.options), choice.holds)
        for choice in choose(facts, level=level)
    }


PLAIN = ("permutation", {"weighting": "equal"})
STUDENTISED = ("permutation", {"weighting": "equal", "statistic": "studentised"})
WEIGHTED = ("permutation", {"weighting": "requests", "statistic": "studentised"})
WELCH = ("welch", {})


@pytest.mark.parametrize(
    ("changed", "equal", "requests", "holds"),
    [
        ({}, PLAIN, WEIGHTED, True),
        ({"n_by_group": (5, 9)}, STUDENTISED, WEIGHTED, True),
        # few exposed
        ({"n_by_group": (3, 7)}, PLAIN, WEIGHTED, True),
        ({"n_by_group": (3, 7), "spread": (0.09, 0.04)}, WELCH, WEIGHTED, False),
        # unequal spread: in groups of equal size, in the smaller group, in the larger group
        ({"spread": (0.04, 0.09)}, WELCH, WEIGHTED, False),
        ({"n_by_group": (6, 12), "spread": (0.09, 0.04)}, WELCH, WEIGHTED, False),
        ({"n_by_group": (6, 12), "spread": (0.04, 0.09)}, STUDENTISED, WEIGHTED, True),
        ({"spread": (0.0, 0.04)}, WELCH, WEIGHTED, False),
        ({"spread": (0.0, 0.0)}, PLAIN, WEIGHTED, True),
        # one against twenty: exact among 21
        (
            {"n_by_group": (1, 20), "spread": (0.0, 0.04)},
            PLAIN,
            ("permutation", {"weighting": "requests"}),
            True,
        ),
    ],
)
def test_the_rules(changed: dict, equal: tuple, requests: tuple, holds: bool) -> None:
    found = named(replace(TEN_A_SIDE, **changed))
    assert found == {EQUAL: (*equal, holds), REQUESTS: (*requests, holds)}


def test_sparse_data_get_the_model_first() -> None:
    sparse = replace(TEN_A_SIDE, expected_errors=2.5)
    assert list(named(sparse)) == [MODEL, EQUAL, REQUESTS]
    assert named(sparse)[MODEL] == ("beta_binomial", {"reference": "t"}, True)
    for changed in ({"n_by_group": (3, 30)}, {"spread": (0.04, 0.09)}, {"expected_errors": 0.0}):
        assert MODEL not in named(replace(sparse, **changed))


def test_where_no_split_reaches_the_level() -> None:
    # 3 against 3: 20 splits, the two most extreme at p = 2 / 20
    three = replace(TEN_A_SIDE, n_by_group=(3, 3))
    assert named(three) == {EQUAL: (*WELCH, False)}
    assert named(three, level=0.9)[EQUAL][0] == "permutation"
    # 1 against 18: p of at least 1 / 19
    assert named(replace(TEN_A_SIDE, n_by_group=(1, 18))) == {}


def test_drawn_splits_come_with_a_seed() -> None:
    # 40 of 80 has far more splits than are tried one by one
    found = named(replace(TEN_A_SIDE, n_by_group=(40, 40)))
    assert found[EQUAL][1] == {"weighting": "equal", "seed": 0}


def test_cautions_say_what_may_mislead() -> None:
    codes = {
        name: {caution.code for choice in choose(facts) for caution in choice.cautions}
        for name, facts in {
            "nothing": TEN_A_SIDE,
            "spread": replace(TEN_A_SIDE, spread=(0.04, 0.09)),
            "few": replace(TEN_A_SIDE, n_by_group=(3, 7)),
            "one": replace(TEN_A_SIDE, largest_share=(0.9, 0.2)),
        }.items()
    }
    assert codes == {
        "nothing": set(),
        "spread": {"unequal_spread"},
        "few": {"few_retailers"},
        "one": {"one_retailer_decides"},
    }
    equal = choose(replace(TEN_A_SIDE, largest_share=(0.9, 0.2)))[0]
    assert equal.cautions == ()


def test_facts_by_hand() -> None:
    two = read_two_groups(([10, 30], [100, 300], [5], [50]), test="a test")
    facts = facts_of(two)
    assert facts.n_by_group == (2, 1)
    # shares 1/4 and 3/4
    assert facts.n_effective == (pytest.approx(1.6), 1)
    assert facts.largest_share == (0.75, 1)
    assert facts.spread == (0, 0)
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
    assert found.test == equal.method.removesuffix("_studentised") == "permutation"
    assert (equal.estimand, requests.estimand) == (EQUAL, REQUESTS)
    again = ss.inference.permutation(data, weighting="equal", statistic="studentised")
    assert again.p_value == equal.p_value


def test_welch_and_the_model_run_as_named() -> None:
    few, sparse = counts((3, 3)), counts((6, 7), requests=20)
    assert [result.method for result in ss.recommend(few).run(few)] == ["welch"]
    model, *_ = ss.recommend(sparse).run(sparse)
    assert (model.method, model.estimand) == ("beta_binomial", MODEL)


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
    assert plain["test"] == "permutation"
    assert plain["choices"][1]["options"] == {"weighting": "requests", "statistic": "studentised"}
    assert plain["facts"]["n_by_group"] == [6, 6]
    assert plain["not_computable"][0]["name"] == "leak_contrast"
