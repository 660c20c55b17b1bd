"""What is known besides the table: what a volume, a share and an ordering may say."""

from fractions import Fraction

import numpy as np
import pytest

from switchstats.bounds import Ordering, Share, Volume, audit
from switchstats.bounds.constraints import exact
from switchstats.errors import UsageError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Share(low=0.2, high=1.1, group="incumbent"), "between 0 and 1"),
        (lambda: Share(low=1.5, group="incumbent"), "between 0 and 1"),
        (lambda: Share(low=0.5), "name one"),
        (lambda: Share(low=0.5, retailer="kansai", group="incumbent"), "name one"),
        (lambda: Share(retailer="kansai"), "needs a low or a high end"),
        (lambda: Share(low=0.5, high=0.4, retailer="kansai"), "the low one first"),
        (lambda: Volume(low=-1), "at least 0"),
        (lambda: Volume(high=-1), "at least 0"),
        (lambda: Volume(low=5, high=4), "the low one first"),
        (Volume, "needs a low or a high end"),
        (lambda: Ordering(("kansai",)), "at least two retailers"),
        (lambda: Ordering(("kansai", "tohoku", "kansai")), "each once"),
    ],
)
def test_what_no_constraint_can_say_is_refused(make, message) -> None:
    with pytest.raises(UsageError, match=message):
        make()


def test_the_ends_of_what_can_be_said_are_allowed() -> None:
    assert Share(low=0, high=1, retailer="kansai").high == 1
    assert Volume(low=4, high=4).low == 4
    assert Ordering(("kansai", "tohoku")).period is None


@pytest.mark.parametrize("number", [0.1, "0.1", Fraction(1, 10), np.float64(0.1)])
def test_numbers_are_what_their_digits_say(number) -> None:
    assert exact(number) == Fraction(1, 10)


@pytest.mark.parametrize("number", [True, "ten", float("nan"), None])
def test_what_is_no_number_is_refused(number) -> None:
    with pytest.raises(UsageError, match="not a number"):
        exact(number)


def test_what_is_known_narrows_shares(make_table) -> None:
    # nothing ties three rates without an average; the constraints alone say what is left
    table = make_table(["10.0", "20.0", "30.0"], ["15.0"])
    names = ["incumbent-0", "incumbent-1", "incumbent-2"]

    def share(*known):
        found = audit(table, known).unit_share(names[0]).interval
        return pytest.approx((found.low, found.high), abs=1e-9)

    assert share() == (0, 1)
    assert share(Ordering(tuple(names))) == (1 / 3, 1)
    assert share(Ordering((names[1], names[0]))) == (0, 1 / 2)
    assert share(Share(low=0.2, high=0.6, retailer=names[0])) == (0.2, 0.6)  # of its group
    known = (
        Volume(retailer=names[0], low=100, high=200),
        Volume(group="incumbent", low=400, high=500),
    )
    assert share(*known) == (100 / 500, 200 / 400)
