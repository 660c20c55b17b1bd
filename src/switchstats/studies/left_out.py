"""The check that every design of several retailers has: does it hang on one of them."""

from switchstats.labels import Text
from switchstats.values import Check, Claim

__all__ = ["left_out"]


def left_out(words: Text, *, passed: bool | None, undoes: tuple[Claim, ...] = ()) -> Check:
    """Return what leaving single retailers out has shown.

    Whose removal would change the conclusion belongs to the verdict, whatever the conclusion is.

    Parameters
    ----------
    words
        What was found.
    passed
        ``None`` where there are too few retailers to leave one out.
    undoes
        Claims that hang on one retailer.
    """
    return Check("leave_one_out", passed, words, undoes, in_verdict=True)
