"""What the two unconditional exact tests have in common: how large a table they take."""

from switchstats.errors import NotAnswerableError
from switchstats.inference.two_by_two.requests import Table
from switchstats.labels import Text, text

__all__ = ["FLOOR", "check_size", "no_interval"]

# At other null differences than 0 the supremum is certified to be no larger than this where what
# is attained is smaller still.
FLOOR = 1e-12

_MOST_REQUESTS = 2_000_000
_MOST_APART = 10_000


def check_size(test: str, table: Table, null: float) -> None:
    """Refuse tables for which the test would take minutes and gigabytes."""
    most = _MOST_REQUESTS if null == 0 else _MOST_APART
    if table.n1 + table.n0 > most:
        raise NotAnswerableError(
            test,
            f"with {table.n1 + table.n0:,} requests and a null difference of {null:g} it would "
            "take minutes",
            f"at most {most:,} requests; with more, mee and miettinen_nurminen give nearly the "
            "same p-value at once",
        )


def no_interval(most: int) -> Text:
    """Return the note that there are too many requests for an interval."""
    return text("inference.no_exact_interval", most=f"{most:,}")
