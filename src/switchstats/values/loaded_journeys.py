"""What a reader of journeys hands over: they, the rows it rejected, and an account of every row."""

from dataclasses import dataclass

from switchstats.values.journeys import Journeys
from switchstats.values.loaded import Account, FromRows, Quarantine, Understood
from switchstats.values.provenance import Provenance

__all__ = ["LoadedJourneys"]


@dataclass(frozen=True, slots=True)
class LoadedJourneys(FromRows):
    """Journeys with everything that happened on the way to them; like `Loaded` of counts."""

    journeys: Journeys
    quarantine: Quarantine
    account: Account
    understood: tuple[Understood, ...]
    provenance: Provenance

    def _made(self) -> dict[str, object]:
        journeys = {
            "entered": self.journeys.entered,
            "followed": self.journeys.followed,
            "days": self.journeys.days,
            "retailers": len(set(self.journeys.frame["retailer"])),
            "periods": [period.to_dict() for period in self.journeys.periods],
            "strata": list(self.journeys.strata),
        }
        return {"journeys": journeys}
