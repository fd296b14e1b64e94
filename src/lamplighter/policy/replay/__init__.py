"""What a policy would have done with years of calls, and what a change of it would move."""

from lamplighter.policy.replay.changes import Change, Detail, PromiseChange
from lamplighter.policy.replay.comparing import compare
from lamplighter.policy.replay.comparison import (
    Comparison,
    Example,
    Flow,
    MovedGroup,
    OutcomeFlow,
    SetMove,
)
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
    "Change",
    "Comparison",
    "Detail",
    "Example",
    "FactMapping",
    "Flow",
    "MovedGroup",
    "OutcomeFlow",
    "OutputBounds",
    "PossibleSet",
    "PromiseChange",
    "Question",
    "Questions",
    "Replay",
    "ReplayError",
    "RuleCount",
    "SetMove",
    "compare",
    "mapping_for",
    "parse_mapping",
    "read_mapping",
    "replay",
]
