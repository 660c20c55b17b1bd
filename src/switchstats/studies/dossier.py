"""Every study that the data allow, in the order of how well they isolate it, and one verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.labels import Text, group_name, text
from switchstats.studies.before_after import BeforeAfter
from switchstats.studies.contrast.access_study import AccessStudy
from switchstats.studies.dose_response import DoseResponse
from switchstats.studies.group_comparison import GroupComparison
from switchstats.studies.home_away import HomeAway
from switchstats.studies.published_only import PublishedOnly
from switchstats.studies.reason_placebo import ReasonPlacebo
from switchstats.studies.retailer_by_retailer import RetailerByRetailer
from switchstats.studies.sensitivity import Sensitivity
from switchstats.values import (
    Check,
    Claim,
    Counts,
    Finding,
    Grade,
    Outcome,
    Provenance,
    PublishedTable,
    TestResult,
    Unanswerable,
    Verdict,
)
from switchstats.version import __version__

__all__ = ["Dossier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier(AccessStudy):
    """Runs every study that the data allow and ends in one verdict.

    The deciding study is named beforehand, by what the data tell apart and not by what the studies
    find: the first that can be run of `ReasonPlacebo`, `HomeAway`, `BeforeAfter` and
    `GroupComparison`. Its claim stands unless another study contradicts it: an advantage falls if
    the family of all declared specifications does not hold it (`Sensitivity`), or if another study
    of access shows the opposite; a margin is not ruled out if another study of access shows an
    advantage.

    Parameters
    ----------
    ends
        As in `BeforeAfter`.

    Notes
    -----
    Of a printed table: `PublishedOnly` decides (`BeforeAfter` of its two periods informs), since
    its changes hold changes of mix as well.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.Dossier().run(ss.load_published("egc-083"))
    >>> [part.study for part in finding.parts]
    ['published_only', 'before_after']
    """

    study: ClassVar[str] = "dossier"
    grade: ClassVar[Grade] = Grade.CROSS_SECTION

    def run(self, data: Counts | PublishedTable) -> Finding:
        """Run the studies.

        Parameters
        ----------
        data
            Counts with as many strata as there are, or a printed table.

        Returns
        -------
        Finding
            `parts` hold every study's own finding; `not_answerable` names the studies that could
            not be run, with the columns that would make them possible.
        """
        if isinstance(data, PublishedTable):
            return self._together(self._printed(data), Sensitivity.study)
        return self._together(self._counted(data), Sensitivity.study)

    def _printed(self, table: PublishedTable) -> list[Finding]:
        terms = self.shared()
        return [
            PublishedOnly(**terms).run(table),
            BeforeAfter(**terms, ends=self.ends).run(table),
        ]

    def _counted(self, counts: Counts) -> list[Finding]:
        terms = self.shared()
        group = GroupComparison(**terms).run(counts)
        dose = DoseResponse(**terms, ends=self.ends).run(counts)
        each = RetailerByRetailer(**terms).run(counts)
        return [
            ReasonPlacebo(**terms, ends=self.ends).run(counts),
            HomeAway(**terms, ends=self.ends).run(counts),
            BeforeAfter(**terms, ends=self.ends).run(counts),
            group,
            dose,
            Sensitivity(**terms, ends=self.ends).run(counts, others=(group, dose, each)),
            each,
        ]

    def _together(self, parts: Sequence[Finding], family: str) -> Finding:
        first, second = (group_name(group) for group in self.groups)
        ran = [part for part in parts if part.verdict.outcome is not Outcome.NOT_ANSWERABLE]
        deciding = ran[0] if ran else parts[0]
        checks = (
            *(
                _said(part, deciding, family)
                for part in parts
                if part is not deciding and part in ran
            ),
            *deciding.checks,
        )
        return Finding(
            study=self.study,
            question=text("study.dossier", first=first, second=second),
            rates=deciding.rates,
            primary=_named(deciding),
            secondary=tuple(
                test for part in ran if part is not deciding and (test := _named(part)) is not None
            ),
            checks=checks,
            not_answerable=_refused(parts),
            verdict=_overall(deciding, checks),
            provenance=Provenance(
                inputs=deciding.provenance.inputs,
                config={"study": self.study, **self.terms()},
                version=__version__,
                seed=deciding.provenance.seed,
            ),
            source=deciding.source,
            effects=deciding.effects,
            path=next((part.path for part in parts if part.path), ()),
            parts=tuple(parts),
            language=self.language,
        )


def _named(part: Finding) -> TestResult | None:
    """Return a study's primary test under the study's name: some differ by nothing else."""
    if part.primary is None:
        return None
    return replace(part.primary, variant=text(f"study_name.{part.study}"))


def _said(part: Finding, deciding: Finding, family: str) -> Check:
    """Return what another study says; it fails where it undoes a claim of the deciding one."""
    verdict = part.verdict
    undone: set[Claim] = set()
    if part.study == family and verdict.outcome is not Outcome.ADVANTAGE_SHOWN:
        undone.add("advantage")
    if _of_access(part) and verdict.disadvantage:
        undone.add("advantage")
    if _of_access(part) and verdict.outcome is Outcome.ADVANTAGE_SHOWN:
        undone.add("ruled_out")
    claims = _claims(deciding.verdict)
    lead = part.sentences[0]
    key = "same" if verdict.outcome is deciding.verdict.outcome else "other"
    name = text(f"study_name.{part.study}").heading
    words = text(f"check.study_{key}", study=name, said=lead)
    undoes = tuple(sorted(undone & claims))
    return Check(part.study, False if undoes else None, words, undoes)


def _of_access(part: Finding) -> bool:
    return part.verdict.grade > Grade.CROSS_SECTION


def _claims(verdict: Verdict) -> set[Claim]:
    claims: set[Claim] = set()
    if verdict.outcome is Outcome.ADVANTAGE_SHOWN:
        claims.add("advantage")
    if verdict.larger_ruled_out:
        claims.add("ruled_out")
    return claims


def _overall(deciding: Finding, checks: Sequence[Check]) -> Verdict:
    """Return the deciding study's verdict, less the claims that another study undoes."""
    verdict = deciding.verdict
    others = [check for check in checks if check not in deciding.checks]
    undone = {claim for check in others for claim in check.undoes}
    stands = _claims(verdict) - undone
    larger = "ruled_out" in stands
    outcome = verdict.outcome
    if "advantage" in undone:
        outcome = Outcome.RULED_OUT if larger else Outcome.INCONCLUSIVE
    elif outcome is Outcome.RULED_OUT and not larger:
        outcome = Outcome.INCONCLUSIVE
    name = text(f"study_name.{deciding.study}")
    ran = verdict.outcome is not Outcome.NOT_ANSWERABLE
    decided = (text("reason.decided_by", study=name),) if ran else ()
    withdrawn = (
        text(f"reason.contradicted_{claim}", study=text(f"study_name.{check.name}"))
        for check in others
        for claim in check.undoes
    )
    reasons: tuple[Text, ...] = (*decided, *verdict.reasons, *withdrawn)
    return replace(verdict, outcome=outcome, larger_ruled_out=larger, reasons=reasons)


def _refused(parts: Sequence[Finding]) -> tuple[Unanswerable, ...]:
    """Return what could not be answered, each named once, studies that could not run first."""
    stopped = [part for part in parts if part.verdict.outcome is Outcome.NOT_ANSWERABLE]
    found: dict[str, Unanswerable] = {}
    for part in (*stopped, *(part for part in parts if part not in stopped)):
        for item in part.not_answerable:
            found.setdefault(item.name, item)
    return tuple(found.values())
