"""The declared worlds in which every test is tried: who files, how much, how unlike they are."""

from dataclasses import asdict, dataclass

from switchstats.errors import UsageError

__all__ = ["WORLDS", "GroupWorld", "world_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWorld:
    """Two groups of retailers without any difference between them, or with a known one.

    A retailer's error probability is drawn from a beta distribution, its volume from a log-normal
    one, its errors from a binomial; all are drawn anew for every data set.

    Parameters
    ----------
    name
        Key below ``world.`` in the catalogue.
    n_by_group
        Retailers in the first and in the second group.
    mean
        Mean error probability of both groups, a fraction.
    sd_pp
        Standard deviation of the error probabilities in each group, in points.
    volume
        Median requests of a retailer in each group.
    volume_sigma
        Standard deviation of the log of the volumes.
    volume_rate_correlation
        Correlation of log volume and normal score of the error probability, the same in both
        groups.
    n_strata
        Strata, such as areas, over which each retailer's requests are divided in a mix of its own;
        with `losing` as many as there are retailers.
    stratum_sd_pp
        Standard deviation, in points, of what a stratum adds to the error probability of both
        groups' requests.
    losing
        Whether strata are the losing retailers, who are the same as the gaining ones.
    own_half
        Whether each group files nine of ten requests in its own half of the strata.
    gap_pp
        True advantage of the first group where the power is measured, in points.

    Raises
    ------
    UsageError
        When a number is out of its range.
    """

    name: str
    n_by_group: tuple[int, int] = (10, 10)
    mean: float = 0.18
    sd_pp: tuple[float, float] = (4.5, 4.5)
    volume: tuple[float, float] = (2000.0, 2000.0)
    volume_sigma: float = 0.0
    volume_rate_correlation: float = 0.0
    n_strata: int = 4
    stratum_sd_pp: float = 0.0
    losing: bool = False
    own_half: bool = False
    gap_pp: float = 6.0

    def __post_init__(self) -> None:
        if min(self.n_by_group) < 1 or min(self.volume) < 1 or self.volume_sigma < 0:
            raise UsageError(f"world {self.name}: sizes and volumes must be at least 1")
        if not 0 < self.mean - self.gap_pp / 100 <= self.mean < 1:
            raise UsageError(f"world {self.name}: the mean must stay between 0 and 1")
        if not -1 < self.volume_rate_correlation < 1:
            raise UsageError(f"world {self.name}: a correlation lies between -1 and 1")

    def to_dict(self) -> dict[str, object]:
        """Return the declaration as plain types."""
        return asdict(self)


# The sizes, the mean, the deviation of 4.5 points and the log-normal volumes follow page 17 of the
# committee's document; each world changes what its name says.
WORLDS = (
    GroupWorld(name="even"),
    GroupWorld(name="skewed", volume_sigma=1.5),
    GroupWorld(name="large_incumbents", volume=(20_000.0, 2000.0), volume_sigma=1.0),
    GroupWorld(name="ten_v_100", n_by_group=(10, 100), volume_sigma=1.5, volume=(2000.0, 500.0)),
    GroupWorld(name="ten_v_700", n_by_group=(10, 700), volume_sigma=1.5, volume=(2000.0, 200.0)),
    GroupWorld(name="sparse", volume=(15.0, 15.0), volume_sigma=0.8, gap_pp=12.0),
    GroupWorld(name="near_zero", mean=0.005, sd_pp=(0.4, 0.4), volume_sigma=1.0, gap_pp=0.45),
    GroupWorld(name="no_heterogeneity", sd_pp=(0.0, 0.0), volume_sigma=1.5, gap_pp=2.0),
    GroupWorld(name="strong_heterogeneity", sd_pp=(10.0, 10.0), volume_sigma=1.5, gap_pp=12.0),
    GroupWorld(name="unequal_heterogeneity", sd_pp=(8.0, 2.0), volume_sigma=1.5),
    GroupWorld(
        name="unequal_heterogeneity_and_size",
        n_by_group=(10, 100),
        sd_pp=(8.0, 3.0),
        volume_sigma=1.5,
    ),
    GroupWorld(name="volume_follows_rate", volume_sigma=1.5, volume_rate_correlation=0.7),
    GroupWorld(name="strata_differ", volume_sigma=1.5, stratum_sd_pp=6.0),
    GroupWorld(name="dyadic", volume_sigma=1.0, n_strata=20, stratum_sd_pp=6.0, losing=True),
    GroupWorld(name="dyadic_apart", n_strata=20, stratum_sd_pp=6.0, losing=True, own_half=True),
    GroupWorld(name="three_exposed_of_ten", n_by_group=(3, 7), volume_sigma=1.0),
    GroupWorld(name="three_exposed_unequal", n_by_group=(3, 7), sd_pp=(8.0, 2.0), volume_sigma=1.0),
    GroupWorld(
        name="sparse_unequal", sd_pp=(8.0, 2.0), volume=(15.0, 15.0), volume_sigma=0.8, gap_pp=12.0
    ),
    GroupWorld(
        name="near_zero_unequal", mean=0.005, sd_pp=(0.6, 0.2), volume_sigma=1.0, gap_pp=0.45
    ),
    GroupWorld(
        name="volume_follows_rate_and_size",
        n_by_group=(10, 100),
        volume_sigma=1.5,
        volume_rate_correlation=0.7,
    ),
)


def world_named(name: str) -> GroupWorld:
    """Return a declared world.

    Raises
    ------
    UsageError
        When there is none of that name.

    Examples
    --------
    >>> world_named("sparse").volume
    (15.0, 15.0)
    """
    for world in WORLDS:
        if world.name == name:
            return world
    names = ", ".join(world.name for world in WORLDS)
    raise UsageError(f"there is no world {name!r}; the declared ones are {names}")
