"""How many units, when and from where: the smallest staffing that meets a target."""

from lamplighter.rehearsal.staffing.finding import find_staffing
from lamplighter.rehearsal.staffing.results import Ended, Meets, Plan, Staffed, Staffing
from lamplighter.rehearsal.staffing.slots import Base
from lamplighter.rehearsal.staffing.starting import Need
from lamplighter.rehearsal.staffing.target import Met, StaffingError, Target, parse_target

__all__ = [
    "Base",
    "Ended",
    "Meets",
    "Met",
    "Need",
    "Plan",
    "Staffed",
    "Staffing",
    "StaffingError",
    "Target",
    "find_staffing",
    "parse_target",
]
