"""A planner's questions: seasons simulated thousands of times, in parts that can be played anywhere and merge to the same bytes.

    >>> from feriematch import Season, plan
    >>> season = Season.read("data/stockholm-2015")
    >>> assumptions = plan.Assumptions.read("planning.toml", season)
    >>> parts = [plan.capacity(season, assumptions, seasons=1000, seed="1", shard=f"{i}/4") for i in (1, 2, 3, 4)]
    >>> plan.merge(parts).figures.to_pandas()

docs/planning.md says what the answers mean, and what they do not.
"""

from feriematch._feriematch import Assumptions, Part, Scenarios, capacity, merge, side_by_side, whatif

__all__ = ["Assumptions", "Part", "Scenarios", "capacity", "merge", "side_by_side", "whatif"]
