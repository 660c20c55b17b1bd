"""The incident's facts as pandas frames, one function a file, fresh at every call."""

from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.facts.columns import columns
from switchstats.facts.rows import bundled_rows

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BASES",
    "aliases",
    "areas",
    "control_notes",
    "error_rules",
    "events",
    "leak_attributions",
    "leak_fields",
    "leak_types",
    "leaked_fields",
    "required_fields",
    "retailers",
    "safeguard_figures",
    "safeguards",
    "separation",
    "sources",
    "viewings",
]

BASES = ("egc", "ppc", "anre")

_DTYPES = {
    "text": "string",
    "int": "Int64",
    "flag": "bool",
    "flag?": "boolean",
    "date": "datetime64[ns]",
}


def _frame(table: str) -> "pd.DataFrame":
    import pandas as pd

    rows = bundled_rows(table)
    return pd.DataFrame(
        {
            name: pd.Series(
                [row[name] for row in rows],
                dtype=_DTYPES.get(kind) or _DTYPES[kind.rstrip("?")],
            )
            for name, kind in columns(table).items()
        }
    )


def _used(frame: "pd.DataFrame", *, alternatives: bool) -> "pd.DataFrame":
    return frame if alternatives else frame[frame["used"]].reset_index(drop=True)


def sources() -> "pd.DataFrame":
    """Return the documents that the facts rest on, one row a document.

    `page` is the page on which the main document, ``egc-083``, names the other one. A `url` is
    given only where the document was read there.
    """
    return _frame("sources")


def retailers() -> "pd.DataFrame":
    """Return the 20 retailers of page 17, one row a retailer.

    An incumbent (みなし小売電気事業者) has a home `area` and the network company of its group
    (`grid_ja`, `grid_en`, named on `grid_page`); the entrants A to J are anonymous and have none.

    Examples
    --------
    >>> retailers().groupby("group").size().to_dict()
    {'entrant': 10, 'incumbent': 10}
    """
    return _frame("retailers")


def aliases() -> "pd.DataFrame":
    """Return other names of the retailers, one row an alias.

    Spellings that differ by 株式会社, width, spaces or dashes are not listed: `registry_key`
    removes those differences. An area's name alone is nobody's alias.
    """
    return _frame("aliases")


def areas() -> "pd.DataFrame":
    """Return the ten supply areas, ``"01"`` Hokkaido to ``"10"`` Okinawa, one row an area."""
    return _frame("areas")


def leak_types() -> "pd.DataFrame":
    """Return the document's types of leak, one row a type.

    ``A`` access control of shared systems, ``B`` rights given for emergencies, ``C1`` contractors,
    ``C2`` terminals, ``C3`` IDs and passwords (pages 12, 19, 22, 24, 26).
    """
    return _frame("leak_types")


def leak_attributions(*, alternatives: bool = False) -> "pd.DataFrame":
    """Return which type of leak occurred in which area, one row a statement.

    `basis` is ``"finding"`` where the page on that type (21, 23, 25, 27) reports it for the area,
    and ``"outline"`` where the case outline on pages 3 and 4 tells the same mechanism without
    naming the type. An area and type may have both.

    Parameters
    ----------
    alternatives
        Also return readings that are recorded but not used.
    """
    return _used(_frame("leak_attributions"), alternatives=alternatives)


def leak_fields() -> "pd.DataFrame":
    """Return the 17 items of page 15, one row an item.

    `class` says what the switching support system shows to a retailer about other retailers'
    customers: ``"own_only"`` nothing, ``"others_too"`` the item, ``"not_in_system"`` the item is
    not in that system at all (page 13).
    """
    return _frame("leak_fields")


def leaked_fields() -> "pd.DataFrame":
    """Return which item leaked in which area, one row an item and area (17 x 10).

    The names and the `class` of `leak_fields` are joined in. As reported by the network companies;
    what leaked differs between the systems of one company (note 4 on page 15), so an item that
    leaked did not leak for every customer.

    Examples
    --------
    >>> int(leaked_fields()["leaked"].sum())
    93
    """
    names = _frame("leak_fields")[["field", "name_ja", "name_en", "class"]]
    return names.merge(_frame("leaked_fields"), on="field", validate="one_to_many")


def required_fields() -> "pd.DataFrame":
    """Return the entries that an abolition request requires (page 18), one row an entry.

    `readable_through` is the item of page 15 that shows the entry, absent where none does: the
    losing retailer's contract number is not among the leaked items, and the abolition date is
    chosen. The page ends its list with 等 (and others): the list may be longer.
    """
    return _frame("required_fields")


def error_rules() -> "pd.DataFrame":
    """Return when a request is answered with an error (pages 17 and 18), one row a rule."""
    return _frame("error_rules")


def viewings(basis: str | None = "egc") -> "pd.DataFrame":
    """Return what each area's retailer side is reported to have viewed (page 16).

    Views of customers under last-resort supply, and of customers whose feed-in electricity the
    network side buys, are not counted.

    Parameters
    ----------
    basis
        ``"egc"``: answers to the commission's first order of reports, as published, one row an
        area, the rows in use; ``"ppc"``: answers to the Personal Information Protection
        Commission, mostly over longer windows, one row an area; ``"anre"``: answers to the Agency
        for Natural Resources and Energy, Kansai only. ``None`` returns all of them.

    Returns
    -------
    pandas.DataFrame
        `viewed` is absent where the page prints －. `first_day` and `last_day` are both inside the
        window; where `first_day_precision` is ``"month"`` only the month is printed. `viewers` is
        a lower bound where `viewers_at_least`; `contracts_viewer_unknown` counts contracts among
        `contracts_viewed` whose viewers are not known. `counted` names the unit of
        `contracts_viewed`.

    Raises
    ------
    UsageError
        For an unknown basis.

    Examples
    --------
    >>> viewings().set_index("area").loc["06", ["viewers", "contracts_viewed"]].to_list()
    [726, 14805]
    >>> viewings("ppc").set_index("area").loc["06", ["viewers", "contracts_viewed"]].to_list()
    [1013, 40806]
    """
    frame = _frame("viewings")
    if basis is None:
        return frame
    if basis not in BASES:
        raise UsageError(f"unknown basis of the viewings: {basis!r}; one of {', '.join(BASES)}")
    return frame[frame["basis"] == basis].reset_index(drop=True)


def separation() -> "pd.DataFrame":
    """Return how each area separates network and retail systems (page 14), one row an area.

    `separation` is ``"logical"``, ``"physical"`` or ``"mixed"`` (some systems each);
    `physical_mark` is the mark 物理分割 in the page's last column.
    """
    return _frame("separation")


def safeguards() -> "pd.DataFrame":
    """Return arrangements and findings by area and topic, one row each (10 x 4).

    Topics: ``"disaster"`` (page 21), ``"contractor"`` (23), ``"terminals"`` (25), ``"passwords"``
    (27). `finding` is the printed `mark` (有 or －) on pages 21 and 27; on page 23 it says whether
    a contractor passed information to the retail side; page 25 prints no mark, and `finding` is
    true where it reports a mend. `state_ja` and `state_en` are the state in March 2023,
    where printed.
    """
    return _frame("safeguards")


def safeguard_figures() -> "pd.DataFrame":
    """Return the numbers printed on safeguards, one row a number with its unit."""
    return _frame("safeguard_figures")


def control_notes() -> "pd.DataFrame":
    """Return what speaks against an area as an unexposed control, one row a reason.

    Three areas reported no viewing (Hokkaido, Tokyo, Hokuriku), and none of them is a clean control
    for every question. Nothing is decided here: the choice of controls is the user's.
    """
    return _frame("control_notes")


def events(*, alternatives: bool = False) -> "pd.DataFrame":
    """Return what happened and when (pages 3-5, 10, 12, 28-30), one row an event.

    `first_day` and `last_day` are both part of the event. A row of kind ``"outline"`` tells an
    area's case in one sentence and has no date. `area` is absent for events that concern all.

    Parameters
    ----------
    alternatives
        Also return rows that are recorded but not used, such as the date that page 3 prints as
        22 March 2022 (Wednesday) for Kyushu and that can only be 2023.
    """
    return _used(_frame("events"), alternatives=alternatives)
