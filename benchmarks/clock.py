"""Processor time of a piece of work: the median of some runs, the first of which is not timed."""

import time
from collections.abc import Callable
from statistics import median


def cpu_seconds(work: Callable[[], object], repeat: int) -> float:
    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    if repeat > 1:
        once()
    return median(once() for _ in range(repeat))
