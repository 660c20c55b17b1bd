"""How closely a table pins a retailer's secrets: what counts as one, and how wide it stays."""

from dataclasses import replace

import pytest

from switchstats.bounds import Pinned, Secret, Volume, audit
from switchstats.bounds.pinned import Knowledge, pinned, secrets_of, volume_range
from switchstats.errors import NotAnswerableError
from switchstats.values import Interval

PROVED = 1e-7
NOTHING = Knowledge((), "half_up")


@pytest.fixture
def tied(make_table):
    """Shares of the first two 0.4725 to 0.5275, see test_quantities.py."""
    return make_table(["10.0", "30.0"], ["15.0"], ("20", "15"))


def of(kind, low, high):
    return Pinned(Secret(kind, "someone", 0), Interval(low, high, "identified"))


def test_widths_of_volumes_are_fractions_of_the_high_end():
    assert of("share_of_group", 0.2, 0.5).width == pytest.approx(0.3)
    assert of("blank_cell", None, 0.5).width == 0.5
    assert of("volume", 150, 200).width == 0.25
    assert of("volume", 150, None).width == 1.0
    assert of("share_of_period", 0.0, None).width == 1.0
    assert of("volume", 0, 0).width == 0.0


def test_ends_in_words_are_rounded_outward():
    assert of("volume", 1010.4, 2020.2).ends.en == "1,010 to 2,021"
    assert of("volume", 1010.0, 2020.0).ends.en == "1,010 to 2,020"
    shown = of("share_of_group", 0.12391, 0.23412).ends.en
    assert "12.3" in shown
    assert "23.5" in shown
    assert "12.4" not in shown


def test_every_secret_is_listed_once(committee):
    found = secrets_of(committee, NOTHING)
    whole, before, after = range(3)
    assert committee.periods[whole].period == committee.widest_period
    for name in ("kansai", "entrant-j"):
        mine = [(each.kind, each.column) for each in found if each.retailer == name]
        # of nine months and two, which make up the whole, the shorter says it all
        assert mine == [
            ("share_of_group", whole),
            ("share_of_group", before),
            ("share_of_group", after),
            ("share_of_period", after),
        ]
    assert len(found) == 20 * 4
    knowing = Knowledge((Volume(retailer="kansai", low=300),), "half_up")
    assert len(secrets_of(committee, knowing)) == 20 * 4  # no greatest number, no scale
    knowing = Knowledge((), "half_up", total=1000)
    assert len(secrets_of(committee, knowing)) == 20 * 5


def test_the_only_retailer_of_its_group_has_no_share_to_hide(tied):
    found = secrets_of(tied, NOTHING)
    assert [(each.kind, each.retailer) for each in found] == [
        ("share_of_group", "incumbent-0"),
        ("share_of_group", "incumbent-1"),
    ]


def test_a_blank_cell_is_a_secret(tied):
    rows = (replace(tied.rows[0], cells=(None,)), *tied.rows[1:])
    blank = replace(tied, rows=rows)
    found = secrets_of(blank, NOTHING)
    assert Secret("blank_cell", "incumbent-0", 0) in found
    # with shares unknown the cell may be anything that the average lets it be: all
    rate = pinned(audit(blank), Secret("blank_cell", "incumbent-0", 0), NOTHING)
    assert (rate.interval.low, rate.interval.high) == (
        pytest.approx(0, abs=PROVED),
        pytest.approx(0.205, abs=PROVED),  # below the average, since the other is above
    )


def test_a_known_total_makes_volumes_of_shares(tied):
    # 1000 requests of the group times 0.4725 to 0.5275
    secret = Secret("volume", "incumbent-0", 0)
    known = Volume(group="incumbent", low=900, high=1000)
    found = volume_range(audit(tied), secret, [known])
    assert found.low == pytest.approx(900 * 0.4725, abs=1e-3)
    assert found.high == pytest.approx(1000 * 0.5275, abs=1e-3)
    # the narrower of two: the other retailer has 0.5275 / 0.4725 times as many at most
    other = Volume(retailer="incumbent-1", low=450, high=460)
    found = volume_range(audit(tied), secret, [known, other])
    assert found.low == pytest.approx(900 * 0.4725, abs=1e-3)
    assert found.high == pytest.approx(460 * 0.5275 / 0.4725, abs=1e-3)
    # everybody's total bounds from above alone: the entrant may have all the others
    found = volume_range(audit(tied), secret, [Volume(low=3000, high=3000)])
    assert found.low == pytest.approx(0, abs=1e-3)
    assert found.high == pytest.approx(3000 * 0.5275, abs=1e-2)
    lower = volume_range(audit(tied), secret, [Volume(group="incumbent", low=900)])
    assert lower.high is None


def test_each_kind_is_asked_of_the_audit(committee):
    found = audit(committee)
    _, before, after = (column.period for column in committee.periods)
    share = pinned(found, Secret("share_of_group", "kansai", 1), NOTHING).interval
    assert share == found.unit_share("kansai", before).interval
    share = pinned(found, Secret("share_of_period", "kansai", 2), NOTHING).interval
    assert share == found.period_share("kansai", after).interval
    rate = pinned(found, Secret("blank_cell", "kansai", 2), NOTHING).interval
    assert rate.low == pytest.approx(0.1735, abs=PROVED)  # 17.4 as printed
    assert rate.high == pytest.approx(0.1745, abs=PROVED)


def test_an_impossible_table_pins_nothing(make_table):
    table = make_table(["10.0", "20.0"], ["15.0"], ("30.0", "15.0"))
    with pytest.raises(NotAnswerableError):
        pinned(audit(table), Secret("share_of_group", "incumbent-0", 0), NOTHING)


def test_the_scope_is_what_can_bear_on_a_secret(committee):
    share = Secret("share_of_group", "kansai", 0)
    period = Secret("share_of_period", "kansai", 2)
    volume = Secret("volume", "kansai", 0)
    bare = replace(committee, averages=())
    assert len(NOTHING.scope(share, committee).rows) == 10
    assert len(NOTHING.scope(period, committee).rows) == 10
    assert [row.retailer.retailer for row in NOTHING.scope(period, bare).rows] == ["kansai"]
    assert len(NOTHING.scope(share, bare).rows) == 10
    assert NOTHING.scope(volume, committee) is committee
    knowing = Knowledge((Volume(retailer="kansai", low=300),), "half_up")
    assert knowing.scope(share, committee) is committee
