"""Who the retailers of a simulated world are, as a registry that readers resolve names with."""

import csv
from pathlib import Path

from switchstats.facts import Registry, registry
from switchstats.labels import Text
from switchstats.simulate.world import World
from switchstats.values import Retailer
from switchstats.whole_file import whole_file

__all__ = ["world_registry", "write_registry"]

_COLUMNS = ("retailer", "name_ja", "name_en", "group", "area")


def world_registry(world: World) -> Registry:
    """Return the retailers of a world: incumbents, entrants A to J, made-up entrants.

    Examples
    --------
    >>> known = world_registry(World())
    >>> len(known.retailers), known.find("新電力0011").retailer
    (700, 'entrant-0011')
    """
    known = registry()
    n_entrants = world.n_retailers - sum(each.group == "incumbent" for each in known.retailers)
    n_named = sum(each.group == "entrant" for each in known.retailers)
    made_up = tuple(_made_up(number) for number in range(n_named + 1, n_entrants + 1))
    retailers = (known.retailers + made_up)[: world.n_retailers]
    kept = {each.retailer for each in retailers}
    return Registry(retailers, tuple(pair for pair in known.aliases if pair[1] in kept))


def write_registry(world: World, path: Path) -> None:
    """Write the retailers as a CSV file that `facts.read_registry` reads.

    UTF-8 with byte-order mark, which Excel needs. An earlier file is replaced at the end.

    Raises
    ------
    InputError
        When the file cannot be written there.

    Examples
    --------
    >>> import tempfile
    >>> from switchstats.facts import read_registry
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_registry(World(n_retailers=21), Path(folder) / "registry.csv")
    ...     read_registry(Path(folder) / "registry.csv").find("Entrant 0011").retailer
    'entrant-0011'
    """
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for each in world_registry(world).retailers:
            row = (each.retailer, each.name.ja, each.name.en, each.group, each.area or "")
            writer.writerow(row)


def _made_up(number: int) -> Retailer:
    name = Text(ja=f"新電力{number:04d}", en=f"Entrant {number:04d}")
    return Retailer(f"entrant-{number:04d}", name, "entrant")
