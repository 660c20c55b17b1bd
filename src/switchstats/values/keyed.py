"""Sums by several columns of names, however many rows: each row's key is one whole number."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ints", "categories", "distinct_codes", "distinct_keys", "rising", "row_keys", "sums_by"]

Ints = NDArray[np.int64]
Codes = NDArray[np.signedinteger]

_LARGEST = 2**62


def row_keys(table: "pd.DataFrame", names: Sequence[str]) -> Ints:
    """Return one number a row, in the order of the named columns' values, equal where they are.

    Examples
    --------
    >>> import pandas as pd
    >>> keys = row_keys(pd.DataFrame({"a": ["x", "x", "y"], "b": ["v", "u", "u"]}), ["a", "b"])
    >>> keys.argsort().tolist()
    [1, 0, 2]
    """
    return _packed([_codes(table[name]) for name in names], len(table))[0]


def distinct_keys(table: "pd.DataFrame", names: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the first row of each distinct key, in the keys' order, and each row's place in them.

    Examples
    --------
    >>> import pandas as pd
    >>> first, place = distinct_keys(pd.DataFrame({"a": ["y", "x", "y"]}), ["a"])
    >>> first.tolist(), place.tolist()
    ([1, 0], [1, 0, 1])
    """
    return distinct_codes([_codes(table[name]) for name in names], len(table))


def distinct_codes(columns: Sequence[tuple[Codes, int]], n_rows: int) -> tuple[Ints, Ints]:
    """Return the same of columns of codes from 0, each with how many codes there could be.

    Examples
    --------
    >>> first, place = distinct_codes([(np.array([1, 0, 1]), 2)], 3)
    >>> first.tolist(), place.tolist()
    ([1, 0], [1, 0, 1])
    """
    keys, span = _packed(columns, n_rows)
    if span > keys.size:
        return _sorted_apart(keys)
    # few keys are counted, not sorted
    rank = np.cumsum(np.bincount(keys, minlength=span) > 0) - 1
    place = rank[keys]
    first = np.zeros(int(rank[-1]) + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(keys.size - 1, -1, -1)
    return first, place


def _sorted_apart(keys: Ints) -> tuple[Ints, Ints]:
    """Return the first place of each distinct key and each key's place among them.

    As `numpy.unique` does, in two thirds of its memory: millions of keys are held here.
    """
    order = rising(keys)
    if order is not None:
        keys = keys[order]
    new = _new(keys)
    first = np.flatnonzero(new) if order is None else order[new]
    rank = np.cumsum(new, dtype=np.int64)
    rank -= 1
    if order is None:
        return first, rank
    keys[order] = rank
    return first, keys


def rising(keys: Ints) -> Ints | None:
    """Return the order in which keys rise, ``None`` where they do already, as those of counts."""
    return None if (keys[1:] >= keys[:-1]).all() else np.argsort(keys, kind="stable")


def _new(keys: Ints) -> NDArray[np.bool_]:
    """Mark the first of each distinct key, keys being in order."""
    new = np.ones(keys.size, dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return new


def sums_by(table: "pd.DataFrame", names: Sequence[str], counted: Sequence[str]) -> "pd.DataFrame":
    """Return the sums of whole numbers in the `counted` columns by the named ones, in their order.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["y", "x", "y"], "errors": [1, 2, 3]})
    >>> sums_by(table, ["a"], ["errors"]).to_numpy().tolist()
    [['x', 2], ['y', 4]]
    """
    keys = row_keys(table, names)
    order = rising(keys)
    starts = np.flatnonzero(_new(keys if order is None else keys[order]))
    first = starts if order is None else order[starts]
    found = table[list(names)].iloc[first].reset_index(drop=True)
    for name in counted:
        column = table[name].to_numpy()
        column = column if order is None else column[order]
        found[name] = np.add.reduceat(column, starts) if starts.size else column
    return found


def categories(
    names: Sequence[str], place: Ints, index: "pd.Index[Any]"
) -> "pd.Series[pd.CategoricalDtype[str]]":
    """Return each row's name as a category, a small number a row.

    Examples
    --------
    >>> import pandas as pd
    >>> categories(["b", "a"], np.array([1, 0, 1]), pd.RangeIndex(3)).tolist()
    ['a', 'b', 'a']
    """
    import pandas as pd

    kinds = pd.Categorical(list(names))
    codes = kinds.codes[place]
    return pd.Series(pd.Categorical.from_codes(codes, categories=kinds.categories), index)


def _packed(columns: Sequence[tuple[Codes, int]], n_rows: int) -> tuple[Ints, int]:
    """Return each row's number and how many numbers there could be."""
    key, span = np.zeros(n_rows, dtype=np.int64), 1
    for codes, size in columns:
        if span * size > _LARGEST:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            span = int(key.max(initial=0)) + 1
        key *= size
        key += codes
        span *= size
    return key, span


def _codes(column: "pd.Series[str]") -> tuple[Ints, int]:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        names = column.cat.categories
        if names.is_monotonic_increasing:
            return np.asarray(column.cat.codes, dtype=np.int64), max(len(names), 1)
    codes, values = pd.factorize(column, sort=True)
    return codes.astype(np.int64), max(len(values), 1)
