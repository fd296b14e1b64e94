"""Histories that are too large for one machine: counted by an engine, decided here once a group.

What a policy does with a call, and how often calls come in, depends on few things that a history
tells: its nature and words, its area, the hour of its week. So an engine counts the calls of each
combination, DuckDB in this process or Spark on a cluster, by the same Ibis expressions; and the
library decides each combination once, as it decides a call, and weighs it by its calls.
"""

from lamplighter.rehearsal.scale.counting import Counted, count_calls
from lamplighter.rehearsal.scale.rates import rates_at_scale
from lamplighter.rehearsal.scale.replaying import replay_at_scale

__all__ = ["Counted", "count_calls", "rates_at_scale", "replay_at_scale"]
