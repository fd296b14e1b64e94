"""DMN 1.1 to 1.5: models are read and run; policies are written as models and read back."""

from lamplighter.policy.dmn.convert import policy_from_dmn
from lamplighter.policy.dmn.model import Answer, Model, UnknownDecision
from lamplighter.policy.dmn.reader import read_model
from lamplighter.policy.dmn.write import policy_to_dmn

__all__ = [
    "Answer",
    "Model",
    "UnknownDecision",
    "policy_from_dmn",
    "policy_to_dmn",
    "read_model",
]
