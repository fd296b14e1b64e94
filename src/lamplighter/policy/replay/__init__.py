"""What a policy would have done with years of calls, and what a change of it would move."""

from lamplighter.policy.replay.mapping import (
    FactMapping,
    mapping_for,
    parse_mapping,
    read_mapping,
)
from lamplighter.policy.replay.replaying import ENGINES, replay
from lamplighter.policy.replay.result import (
    Bounds,
    CallGroup,
    OutputBounds,
    PossibleSet,
    Question,
    Questions,
    Replay,
    ReplayError,
    RuleCount,
)

__all__ = [
    "ENGINES",
    "Bounds",
    "CallGroup",
    "FactMapping",
    "OutputBounds",
    "PossibleSet",
    "Question",
    "Questions",
    "Replay",
    "ReplayError",
    "RuleCount",
    "mapping_for",
    "parse_mapping",
    "read_mapping",
    "replay",
]
