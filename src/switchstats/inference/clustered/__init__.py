"""The t test with retailers as clusters, one way or several."""

from switchstats.inference.clustered.cluster_robust import cluster_robust, cluster_robust_p_values
from switchstats.inference.clustered.multiway import Dyads, multiway_p_values

__all__ = ["Dyads", "cluster_robust", "cluster_robust_p_values", "multiway_p_values"]
