"""What is true in a simulated world, for an estimate to be held against."""

from typing import Any

from switchstats.simulate.registry import world_registry
from switchstats.simulate.world import World

__all__ = ["truth"]


def truth(world: World) -> dict[str, Any]:
    """Return the true effect and which requests it acts on.

    A request is eligible when an incumbent gains an entrant's customer in its own area, submitted
    before the area's access ended. The leak lowers the hazards of the leaked fields, and of no
    other reason, by as much as lowers the error probability by the effect; it is the same for
    every eligible first attempt, unless its leaked fields cause fewer errors than that. Such a
    request loses all of these, and the others a little more, so that the mean over eligible first
    attempts, in expectation over the world's flows, is the effect exactly, whatever traps the world
    declares. Retries by eligible requests fall by the same number of points, or by as many as they
    have.

    Parameters
    ----------
    world
        The declared world.

    Returns
    -------
    dict
        `effect`, the mean change of the error probability of eligible first attempts, a fraction,
        0 or below; `effect_pp`, the same in points; `eligible`: the groups of `gaining` and
        `losing`, `home`, and `cells`, a list of `gaining`, `area`, `submitted_before` (an ISO date)
        and the `reasons` acted on.

    Notes
    -----
    Answers take time, and errors more of it: where access ends in the last weeks of the period,
    the answered requests show less than the effect, and a settling window is needed.

    Examples
    --------
    >>> found = truth(World(effect_pp=2))
    >>> found["effect_pp"], found["eligible"]["cells"][2]["gaining"]
    (-2.0, 'kansai')
    """
    homes = {each.area: each.retailer for each in world_registry(world).retailers if each.area}
    return {
        "effect": world.effect,
        "effect_pp": world.effect * 100,
        "eligible": {
            "gaining_group": "incumbent",
            "losing_group": "entrant",
            "home": True,
            "cells": [
                {
                    "gaining": homes[found.area],
                    "area": found.area,
                    "submitted_before": found.end.isoformat(),
                    "reasons": list(found.fields),
                }
                for found in world.access
            ],
        },
    }
