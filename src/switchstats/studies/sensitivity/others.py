"""Studies that ask something else, beside the family: their p-values come after its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from switchstats.inference.multiplicity import holm
from switchstats.labels import p_value, text
from switchstats.studies.contrast.exposure import AccessEnd
from switchstats.studies.declaration import Declaration
from switchstats.studies.dose_response import DoseResponse
from switchstats.studies.group_comparison import GroupComparison
from switchstats.studies.retailer_by_retailer import RetailerByRetailer
from switchstats.values import Check, Counts, Finding, TestResult

__all__ = ["other_studies", "with_others"]

_STUDIES = (GroupComparison.study, DoseResponse.study, RetailerByRetailer.study)


def other_studies(
    declaration: Declaration, counts: Counts, ends: tuple[AccessEnd, ...] | None
) -> list[Finding]:
    """Run the other studies on the same terms."""
    terms = declaration.shared()
    return [
        GroupComparison(**terms).run(counts),
        DoseResponse(**terms, ends=ends).run(counts),
        RetailerByRetailer(**terms).run(counts),
    ]


def with_others(finding: Finding, others: Sequence[Finding]) -> Finding:
    """Return the family's finding with the primary tests of other studies behind it.

    The order is fixed beforehand: the family first, at the whole level; then the others, adjusted
    by Holm among themselves, and none below the first specification's own adjusted p-value. So the
    family loses no power to them, and any false claim among all of it is as rare as the level says.
    """
    tests = {
        other.study: other.primary
        for other in others
        if other.study in _STUDIES and other.primary is not None
    }
    if finding.primary is None or not tests:
        return finding
    gate = finding.primary.quantities["p_adjusted"]
    p_values = holm([test.p_value for test in tests.values()]).tolist()
    adjusted = {study: max(gate, p) for study, p in zip(tests, p_values, strict=True)}
    return replace(
        finding,
        secondary=(
            *finding.secondary,
            *(_beside(study, test, adjusted[study]) for study, test in tests.items()),
        ),
        checks=(*finding.checks, _same_way(finding.primary, tests)),
        provenance=replace(
            finding.provenance,
            config=dict(finding.provenance.config) | {"other_studies": list(tests)},
        ),
    )


def _beside(study: str, test: TestResult, adjusted: float) -> TestResult:
    name = text("sensitivity.other_study", study=text(f"study_name.{study}"))
    note = text("sensitivity.beside", name=name, p=p_value(adjusted))
    quantities = dict(test.quantities) | {"p_adjusted": adjusted}
    return replace(test, quantities=quantities, variant=name, notes=(*test.notes, note))


def _same_way(first: TestResult, tests: Mapping[str, TestResult]) -> Check:
    same = sum(test.estimate * first.estimate > 0 for test in tests.values())
    words = text("check.other_studies", same=same, n=len(tests))
    return Check("other_studies", same == len(tests), words)
