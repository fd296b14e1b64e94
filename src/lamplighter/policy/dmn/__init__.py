"""DMN 1.1 to 1.5: models are read and run; policies are written as models and read back."""

from lamplighter.policy.dmn.model import Answer, Model, UnknownDecision
from lamplighter.policy.dmn.reader import read_model

__all__ = ["Answer", "Model", "UnknownDecision", "read_model"]
