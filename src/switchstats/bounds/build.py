"""Puts a table and what is known besides into the cone of requests and errors behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import gcd, lcm

from switchstats.bounds.constraints import Constraint, Ordering, Share, Volume, exact
from switchstats.bounds.reading import Ends, ends_of, last_digit
from switchstats.bounds.system import Form, Origin, Row, System
from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.values import PrintedRate, PublishedTable, RoundingRule

__all__ = ["atoms_of", "build_system", "combined", "named_retailers"]

_ANY = Ends(Fraction(0), Fraction(1), low_in=True, high_in=True)


def build_system(
    table: PublishedTable,
    groups: Sequence[str],
    constraints: Sequence[Constraint] = (),
    rounding: RoundingRule | None = None,
    inward: Fraction | None = None,
) -> System:
    """Return the cone for these groups of a table.

    Parameters
    ----------
    table
        The printed table.
    groups
        Groups to hold; their rows and averages.
    constraints
        What is known besides; all must concern these groups.
    rounding
        The table's own rule by default.
    inward
        Move the ends of every printed interval inward by so many of its last digits, or outward
        when negative; ``None``: as printed, each end in or out by the rule.

    Examples
    --------
    >>> import switchstats as ss
    >>> system = build_system(ss.load_published("egc-083"), ["incumbent"])
    >>> len(system.atoms), system.n_columns, len(system.rows)
    (2, 40, 26)
    """
    rule = rounding or table.rounding
    read = partial(_read, rule=rule, inward=inward)
    members = [row for row in table.rows if row.group in groups and row.retailer is not None]
    retailers = tuple((row.retailer.retailer, row.group) for row in members if row.retailer)
    atoms = atoms_of([column.period for column in table.periods])
    columns = [column.period for column in table.periods]
    places = [columns.index(atom) if atom in columns else None for atom in atoms]
    rays: list[Fraction] = []
    positive: list[Row] = []
    for row in members:
        for place in places:
            cell = None if place is None else row.cells[place]
            ends = _ANY if cell is None else read(cell)
            if cell is not None and place is not None and row.retailer is not None:
                origin = Origin(row.retailer.retailer, row.group, columns[place])
                positive += _positive(len(rays), ends, origin)
            rays += [ends.low, ends.high]
    unit = lcm(*(each.denominator for each in rays))
    bare = System(
        groups=tuple(groups),
        retailers=retailers,
        atoms=atoms,
        rates=tuple(int(each * unit) for each in rays),
        error_unit=unit,
        volume_unit=_volume_unit(constraints),
    )
    rows: list[Row] = []
    for whole, origin, ends in _longer_cells(bare, table, read):
        bounding = list(_between(bare, whole, ends, origin))
        rows += bounding
        if not any(each.strict for each in bounding):
            positive.append(Row(whole, origin, strict=True))
    for constraint in constraints:
        rows += [
            Row(form, Origin(constraint=constraint)) for form in _known(bare, constraint, table)
        ]
    if bare.scale is not None:
        positive.append(Row({bare.scale: 1}, Origin(), strict=True))
    return replace(bare, rows=tuple(row for row in rows if row.form), positive=tuple(positive))


def _read(cell: PrintedRate, rule: RoundingRule, inward: Fraction | None) -> Ends:
    ends = ends_of(cell, rule)
    if inward is None:
        return ends
    return ends.moved(inward * last_digit(cell))


def atoms_of(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the shortest periods that some periods are made of, in order."""
    printed = list(periods)
    edges = sorted({edge for period in printed for edge in (period.start, period.end)})
    pieces = [Period(start, end) for start, end in pairwise(edges)]
    return tuple(piece for piece in pieces if any(each.contains(piece) for each in printed))


def _positive(first: int, ends: Ends, origin: Origin) -> list[Row]:
    """Return which rays must have requests: that of the low end, when the high end is out."""
    if ends.low_in and ends.high_in:
        return [Row({first: 1, first + 1: 1}, origin, strict=True)]
    rays = ([] if ends.high_in else [first]) + ([] if ends.low_in else [first + 1])
    return [Row({ray: 1}, origin, strict=True) for ray in rays]


def _longer_cells(
    system: System, table: PublishedTable, read: Callable[[PrintedRate], Ends]
) -> Iterator[tuple[Form, Origin, Ends]]:
    """Yield the cells that no ray stands for: of longer periods, and averages of members."""
    for row in (*table.rows, *table.averages):
        if row.group not in system.groups:
            continue
        name = None if row.retailer is None else row.retailer.retailer
        for column, cell in zip(table.periods, row.cells, strict=True):
            if cell is None or (name is not None and column.period in system.atoms):
                continue
            requests = system.requests(retailer=name, group=row.group, period=column.period)
            yield requests, Origin(name, row.group, column.period), read(cell)


def _between(system: System, requests: Form, ends: Ends, origin: Origin) -> Iterator[Row]:
    """Yield that a rate is above its low and below its high end, where that says anything."""
    rates = {column: system.rates[column] for column in requests}
    unit = system.error_unit
    if ends.low > 0:
        form = combined((rates, Fraction(1)), (requests, -ends.low * unit))
        yield Row(form, origin, strict=not ends.low_in)
    if ends.high < 1:
        form = combined((rates, Fraction(-1)), (requests, ends.high * unit))
        yield Row(form, origin, strict=not ends.high_in)


def _volume_unit(constraints: Sequence[Constraint]) -> Fraction | None:
    ends = [
        exact(end)
        for one in constraints
        if isinstance(one, Volume)
        for end in (one.low, one.high)
        if end is not None
    ]
    return max(ends) or Fraction(1) if ends else None


def named_retailers(constraint: Constraint) -> tuple[str, ...]:
    """Return the retailers that a constraint names."""
    if isinstance(constraint, Ordering):
        return constraint.retailers
    return () if constraint.retailer is None else (constraint.retailer,)


def _known(system: System, constraint: Constraint, table: PublishedTable) -> list[Form]:
    if constraint.period is not None:
        table.column(constraint.period)
    known = {name for name, _ in system.retailers}
    for name in named_retailers(constraint):
        if name not in known:
            raise UsageError(f"a constraint names the retailer {name!r}, whom the table lacks")
    if isinstance(constraint, Ordering):
        sums = [
            system.requests(retailer=name, period=constraint.period)
            for name in constraint.retailers
        ]
        return [
            combined((larger, Fraction(1)), (smaller, Fraction(-1)))
            for larger, smaller in pairwise(sums)
        ]
    if constraint.group is not None and constraint.group not in system.groups:
        raise UsageError(f"a constraint names the group {constraint.group!r}, which is not there")
    part = system.requests(
        retailer=constraint.retailer, group=constraint.group, period=constraint.period
    )
    whole, unit = _whole(system, constraint)
    forms: list[Form] = []
    if constraint.low is not None:
        forms.append(combined((part, Fraction(1)), (whole, -exact(constraint.low) / unit)))
    if constraint.high is not None:
        forms.append(combined((part, Fraction(-1)), (whole, exact(constraint.high) / unit)))
    return forms


def _whole(system: System, constraint: Share | Volume) -> tuple[Form, Fraction]:
    """Return what a share is a share of, or a volume's unit."""
    if isinstance(constraint, Volume):
        return {len(system.rates): 1}, system.volume_unit or Fraction(1)
    if constraint.retailer is None:
        return system.requests(period=constraint.period), Fraction(1)
    group = dict(system.retailers)[constraint.retailer]
    return system.requests(group=group, period=constraint.period), Fraction(1)


def combined(*parts: tuple[Mapping[int, int], Fraction]) -> Form:
    """Return a sum of forms times a positive number that makes all coefficients whole and small."""
    multiple = lcm(*(factor.denominator for _, factor in parts))
    total: dict[int, int] = {}
    for form, factor in parts:
        times = int(factor * multiple)
        for column, coefficient in form.items():
            total[column] = total.get(column, 0) + coefficient * times
    common = gcd(*total.values()) or 1
    return {column: value // common for column, value in total.items() if value}
