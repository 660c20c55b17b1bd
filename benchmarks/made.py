"""Two groups of made-up retailers of very different sizes, for the tests of two groups."""

import numpy as np

SEED = 20230131


def retailers(n: int, m: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(SEED)
    requests = np.maximum(rng.lognormal(7, 1.5, n + m), 1).astype(int)
    errors = rng.binomial(requests, rng.beta(12, 55, n + m))
    return errors[:n], requests[:n], errors[n:], requests[n:]
