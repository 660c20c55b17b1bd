"""Shows how much the choice of estimand matters."""

from typing import TYPE_CHECKING, Any, get_args

from switchstats.engines.question import Estimand
from switchstats.engines.requests import read_requests
from switchstats.errors import NotAnswerableError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["estimand_sensitivity"]


def estimand_sensitivity(source: object, **same: Any) -> "pd.DataFrame":
    """Return requests, errors and rate of each group under each estimand.

    Parameters
    ----------
    source
        As for `read_requests`.
    **same
        Arguments of `read_requests` but `estimand` and `strata`, the same for each.

    Returns
    -------
    pandas.DataFrame
        Columns ``estimand``, ``group``, ``requests``, ``errors`` and ``rate`` (a fraction; missing
        without requests, as where all are too recent to be settled). An estimand that the columns
        cannot give is left out.

    Raises
    ------
    NotAnswerableError
        When the columns can give none of them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "申込日": ["2023-01-06", "2023-01-09"], "新小売": ["北海道電力"] * 2,
    ...     "結果": ["NG", "OK"], "申込回数": [1, 2], "供給地点特定番号": ["01" + "0" * 20] * 2,
    ... })
    >>> estimand_sensitivity(rows, settle_days=0, cases_days=3)[["estimand", "requests", "errors"]]
            estimand  requests  errors
    0  first_attempt         1       1
    1   all_attempts         2       1
    2          cases         1       0
    """
    import pandas as pd

    sums: dict[str, dict[str, tuple[int, int]]] = {}
    refused: NotAnswerableError | None = None
    for estimand in get_args(Estimand):
        try:
            counts = read_requests(source, estimand=estimand, strata=(), **same).counts
        except NotAnswerableError as error:
            refused = error
            continue
        by_group = counts.coded.groupby("group")[["requests", "errors"]].sum()
        pairs = by_group.to_numpy().tolist()
        sums[estimand] = {str(g): (r, e) for g, (r, e) in zip(by_group.index, pairs, strict=True)}
    if not sums and refused is not None:
        raise refused
    groups = sorted({group for found in sums.values() for group in found})
    rows: list[tuple[str, str, int, int, float | None]] = []
    for estimand, found in sums.items():
        for group in groups:
            requests, errors = found.get(group, (0, 0))
            rate = errors / requests if requests else None
            rows.append((estimand, group, requests, errors, rate))
    return pd.DataFrame(rows, columns=["estimand", "group", "requests", "errors", "rate"])
