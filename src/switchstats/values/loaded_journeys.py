"""What a reader of journeys hands over: they, the rows it rejected, and an account of every row."""

from dataclasses import dataclass

from switchstats.errors import UsageError
from switchstats.values.journeys import Journeys
from switchstats.values.loaded import Account, Quarantine, Understood
from switchstats.values.provenance import Provenance
from switchstats.values.shown import Shown

__all__ = ["LoadedJourneys"]


@dataclass(frozen=True, slots=True)
class LoadedJourneys(Shown):
    """Journeys with everything that happened on the way to them; like `Loaded` of counts."""

    journeys: Journeys
    quarantine: Quarantine
    account: Account
    understood: tuple[Understood, ...]
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.account.quarantined != len(self.quarantine):
            raise UsageError("the account and the quarantine disagree")

    def to_dict(self) -> dict[str, object]:
        """Return what was understood and rejected as plain types; the journeys as their totals."""
        return {
            "understood": [table.to_dict() for table in self.understood],
            "account": self.account.to_dict(),
            "quarantine": {
                "by_code": self.quarantine.by_code(),
                "rows": self.quarantine.to_records(),
            },
            "journeys": {
                "entered": self.journeys.entered,
                "followed": self.journeys.followed,
                "days": self.journeys.days,
                "retailers": len(set(self.journeys.frame["retailer"])),
                "periods": [period.to_dict() for period in self.journeys.periods],
                "strata": list(self.journeys.strata),
            },
            "provenance": self.provenance.to_dict(),
        }
