"""What data at hand hold, and which studies they allow: what a study file begins with."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from switchstats.labels import Text, group_name, joined, text
from switchstats.periods import Period, format_period
from switchstats.runs.found import find_files
from switchstats.runs.gather import gather
from switchstats.runs.made import published_of, run_designs, study_key
from switchstats.runs.study_file import StudyFile
from switchstats.values import Account, Counts, Loaded, Outcome, PublishedTable, Unanswerable

__all__ = ["AtHand", "look_at"]

_OF_TABLES = ("PublishedOnly", "BeforeAfter")
_OF_COUNTS = (
    *("GroupComparison", "BeforeAfter", "HomeAway", "DoseResponse", "ReasonPlacebo"),
    "RetailerByRetailer",
)
_MOST_FILES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """What the files of a study hold.

    Parameters
    ----------
    files
        Their names.
    account, rejected
        Where every row went, and how many rows each code rejected; ``None`` and nothing for a
        printed table.
    periods
        In order.
    groups
        How many retailers of each filed requests, or are printed.
    strata
        What is told apart besides retailer and period.
    studies
        Designs, each with why these data do not allow it, ``None`` where they do.
    """

    files: tuple[str, ...]
    account: Account | None
    rejected: Mapping[str, int]
    periods: tuple[Period, ...]
    groups: Mapping[str, int]
    strata: tuple[str, ...]
    studies: Mapping[str, Unanswerable | None]

    @property
    def sentences(self) -> tuple[Text, ...]:
        """Everything in words, one item each."""
        found = [_files(self.files)]
        if self.account is not None:
            found += _rows(self.account, self.rejected)
        if not self.periods:
            return (*found, text("at_hand.nothing"))
        span = Period(self.periods[0].start, max(each.end for each in self.periods))
        words = Text(ja=format_period(span, "ja"), en=format_period(span, "en"))
        found.append(text("at_hand.periods", span=words, n=len(self.periods)))
        groups = joined(
            text("at_hand.group", group=group_name(name), n=n) for name, n in self.groups.items()
        )
        printed = self.account is None
        found.append(text("at_hand.printed" if printed else "at_hand.retailers", groups=groups))
        if self.strata:
            strata = joined(text(f"stratum.{name}") for name in self.strata)
            found.append(text("at_hand.strata", strata=strata))
        elif not printed:
            found.append(text("at_hand.no_strata"))
        return (*found, *_said(self.studies))

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "files": list(self.files),
            "account": None if self.account is None else self.account.to_dict(),
            "rejected": dict(self.rejected),
            "periods": [period.to_dict() for period in self.periods],
            "groups": dict(self.groups),
            "strata": list(self.strata),
            "studies": {
                name: None if why is None else why.to_dict() for name, why in self.studies.items()
            },
        }


def look_at(study: StudyFile) -> AtHand:
    """Read the files of a study, and ask each design whether it could be run; nothing is kept.

    Raises
    ------
    InputError
        As the readers.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = find_files(study, (), Path(folder))
        names = tuple(name for _, name, _ in found.sources)
        if study.data.kind == "published":
            return _printed(study, published_of(study, found.sources), names)
        loaded, _ = gather(study.data, found, Path(folder) / "loads")
    return _counted(study, loaded, names)


def _printed(study: StudyFile, table: PublishedTable, names: tuple[str, ...]) -> AtHand:
    return AtHand(
        files=names,
        account=None,
        rejected={},
        periods=tuple(sorted(column.period for column in table.periods)),
        groups={group: len(table.members(group)) for group in table.groups},
        strata=(),
        studies=_studies(study, table, _OF_TABLES),
    )


def _counted(study: StudyFile, loaded: Loaded, names: tuple[str, ...]) -> AtHand:
    counts = loaded.counts
    rows = counts.coded
    filed = rows.loc[rows["requests"] > 0, ["group", "retailer"]].drop_duplicates()
    numbers = filed["group"].value_counts()
    known = dict.fromkeys((*study.groups, *(each.group for each in counts.retailers)))
    return AtHand(
        files=names,
        account=loaded.account,
        rejected=loaded.quarantine.by_code(),
        periods=counts.periods,
        groups={group: int(numbers.get(group, 0)) for group in known},
        strata=counts.strata,
        studies=_studies(study, counts, _OF_COUNTS) if len(counts) else {},
    )


def _studies(
    study: StudyFile, data: Counts | PublishedTable, names: Sequence[str]
) -> dict[str, Unanswerable | None]:
    found: dict[str, Unanswerable | None] = {}
    for name in names:
        finding = run_designs(replace(study, studies=(name,)), data, study.level, 1)[0]
        ran = finding.verdict.outcome is not Outcome.NOT_ANSWERABLE
        found[name] = None if ran else finding.not_answerable[0]
    if "GroupComparison" in found:
        # the family of its specifications can be run where it can
        found["Sensitivity"] = found["GroupComparison"]
    possible = None in found.values()
    found["Dossier"] = None if possible else next(iter(found.values()))
    return found


def _files(names: Sequence[str]) -> Text:
    listed = Text(ja="、".join(names[:_MOST_FILES]), en=", ".join(names[:_MOST_FILES]))
    if len(names) > _MOST_FILES:
        listed = text("at_hand.more_files", names=listed, n=len(names) - _MOST_FILES)
    return text("at_hand.files", n=len(names), names=listed)


def _rows(account: Account, rejected: Mapping[str, int]) -> list[Text]:
    numbers = {"read": account.read, "accepted": account.accepted, "rejected": account.quarantined}
    found = [text("at_hand.rows", **{name: f"{n:,}" for name, n in numbers.items()})]
    for key, section, reasons in (
        ("left_out", "excluded", account.excluded),
        ("rejected", "quarantine", rejected),
    ):
        if reasons:
            listed = joined(
                text("at_hand.reason", what=text(f"{section}.{name}"), n=f"{n:,}")
                for name, n in reasons.items()
            )
            found.append(text(f"at_hand.{key}", reasons=listed))
    return found


def _said(studies: Mapping[str, Unanswerable | None]) -> list[Text]:
    """Return what is possible, one item each, and what is not, together where the reason is one."""
    found: list[Text] = []
    refused: dict[tuple[Text, Text], list[Text]] = {}
    for name, why in studies.items():
        title = text("at_hand.study", study=name, name=text(f"study_name.{study_key(name)}"))
        if why is None:
            found.append(text("at_hand.possible", studies=title))
        else:
            refused.setdefault((why.reason, why.needs), []).append(title)
    for (reason, needs), titles in refused.items():
        words = {"studies": joined(titles), "reason": reason, "needs": needs}
        found.append(text("at_hand.not_possible", **words))
    return found
