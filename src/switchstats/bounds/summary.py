"""An audit laid out for a reader: sentences, one row a retailer, and what is known besides."""

from dataclasses import dataclass
from html import escape

from switchstats.bounds.audit import Audit
from switchstats.bounds.quantities import (
    fixed_mix_changes,
    naive_thresholds,
    shares_of_group,
    shares_of_period,
)
from switchstats.bounds.volumes import LeastVolume
from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, display_language, group_name, label, percent, text
from switchstats.periods import Period
from switchstats.values import IdentifiedQuantity
from switchstats.values.html import html_table

__all__ = ["AuditSummary", "summarise_audit"]

_TWO_GROUPS = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AuditSummary:
    """What an audit found, ready to be shown.

    Parameters
    ----------
    audit
        The audit.
    shares
        Shares of groups and of periods; empty for an impossible table.
    others
        Changes at a fixed mix and thresholds of the naive test.
    least
        The least requests of each retailer, ``None`` where no whole numbers print as its row.
    """

    audit: Audit
    shares: tuple[IdentifiedQuantity, ...] = ()
    others: tuple[IdentifiedQuantity, ...] = ()
    least: tuple[tuple[str, LeastVolume | None], ...] = ()

    @property
    def sentences(self) -> tuple[Text, ...]:
        """Whether the table is possible; if not, which cells contradict each other."""
        rounding = text(f"audit.{self.audit.rounding}")
        if self.audit.consistent is None:
            return (text("audit.on_the_edge", rounding=rounding),)
        slack = self.audit.slack
        if self.audit.consistent:
            tight = [] if slack is None else [text("audit.slack", slack=_digits(slack.low))]
            return (text("audit.consistent", rounding=rounding), *tight)
        far = [] if slack is None else [text("audit.shortfall", slack=_digits(slack.high))]
        conflicts = (conflict.message for conflict in self.audit.conflicts)
        return (text("audit.impossible", rounding=rounding), *far, *conflicts)

    @property
    def header(self) -> tuple[Text, ...]:
        """Names of the columns of `rows`."""
        table = self.audit.table
        return (
            text("audit.retailer"),
            text("audit.of_group"),
            *(
                text("audit.of_period", period=column.label)
                for column in table.periods
                if column.period in self._periods
            ),
            text("audit.least"),
        )

    @property
    def rows(self) -> tuple[tuple[Text, ...], ...]:
        """The share of the calendar, then each group with its retailers."""
        known = {(each.group, each.retailer, each.period): each for each in self.shares}
        volumes = dict(self.least)
        rows: list[tuple[Text, ...]] = []
        if self._periods:
            calendar = {each.period: each.reference for each in self.shares}
            shares = (calendar[period] or 0.0 for period in self._periods)
            by_days = (Text(*[percent(share)] * 2) for share in shares)
            rows.append((text("audit.calendar"), _blank(), *by_days, _blank()))
        for group in self.audit.table.groups:
            members = [each for each in self.audit.table.retailers if each.group == group]
            for unit in (None, *members):
                periods = (_words(known.get((group, unit, period))) for period in self._periods)
                least = None if unit is None else volumes.get(unit.retailer)
                rows.append(
                    (
                        group_name(group).heading if unit is None else unit.name,
                        _words(known.get((group, unit, None))),
                        *periods,
                        _blank() if least is None else Text(*[f"{least.requests:,}"] * 2),
                    )
                )
        return tuple(rows)

    def __repr__(self) -> str:
        return "\n".join(sentence[display_language()] for sentence in self.sentences)

    def _repr_html_(self) -> str:
        language = display_language()
        words = "".join(f"<p>{escape(sentence[language])}</p>" for sentence in self.sentences)
        if not self.shares:
            return words
        rows = [[cell[language] for cell in row] for row in self.rows]
        besides = "".join(
            f"<li>{escape(each.quantity[language])}: {escape(each.words[language])}</li>"
            for each in self.others
        )
        note = escape(label("audit.not_confidence", language))
        table = html_table([name[language] for name in self.header], rows)
        return f"{words}<p>{note}</p>{table}<ul>{besides}</ul>"

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        found = self.audit
        return {
            "schema": "switchstats/audit",
            "schema_version": "1.1",
            "table": found.table.name,
            "rounding": found.rounding,
            "consistent": found.consistent,
            "rules": list(found.rules),
            "slack_last_digits": None if found.slack is None else found.slack.to_dict(),
            "sentences": [sentence.to_dict() for sentence in self.sentences],
            "conflicts": [conflict.to_dict(found.table) for conflict in found.conflicts],
            "identified": [each.to_dict() for each in (*self.shares, *self.others)],
            "least_requests": [
                {"retailer": name}
                | {
                    "requests": None if volume is None else volume.requests,
                    "proof": None if volume is None else volume.proof,
                }
                for name, volume in self.least
            ],
        }

    @property
    def _periods(self) -> tuple[Period, ...]:
        periods = dict.fromkeys(each.period for each in self.shares if each.period is not None)
        return tuple(periods)


def summarise_audit(found: Audit) -> AuditSummary:
    """Bound everything that is shown of a possible table; an impossible one has its conflicts."""
    if found.consistent is False:
        return AuditSummary(audit=found)
    groups = found.table.groups
    names = [each.retailer for each in found.table.retailers]
    others = fixed_mix_changes(found, groups)
    if len(groups) == _TWO_GROUPS:
        others += naive_thresholds(found, (groups[0], groups[1]))
    return AuditSummary(
        audit=found,
        shares=(*shares_of_group(found), *shares_of_period(found)),
        others=others,
        least=tuple((name, _least(found, name)) for name in names),
    )


def _least(found: Audit, retailer: str) -> LeastVolume | None:
    try:
        return found.least_volume(retailer)
    except NotAnswerableError:
        return None


def _words(quantity: IdentifiedQuantity | None) -> Text:
    return _blank() if quantity is None else quantity.ends


def _digits(slack: float | None) -> str:
    """Return a number of last digits, rounded towards 0 so that it stays true."""
    return f"{int(abs(slack or 0.0) * 100) / 100:.2f}"


def _blank() -> Text:
    return text("display.blank")
