"""The wild cluster bootstrap: weights, statistic, test, and many data sets at once."""

from switchstats.inference.wild.batch import wild_bootstrap_p_values
from switchstats.inference.wild.wild_bootstrap import wild_bootstrap

__all__ = ["wild_bootstrap", "wild_bootstrap_p_values"]
