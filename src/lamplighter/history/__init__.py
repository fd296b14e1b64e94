"""Years of calls from any city's files, in one shape."""

from lamplighter.history.areas import Areas, AreasError, read_areas
from lamplighter.history.catalogue import Nature, natures
from lamplighter.history.errors import HistoryError, LayoutError
from lamplighter.history.incidents import Linked
from lamplighter.history.layout import Bounds, IncidentRule, Layout, NatureRule, StartedBy
from lamplighter.history.layout_file import load_layout, parse_layout, shipped_layouts
from lamplighter.history.opened import History, open_history
from lamplighter.history.placing import Placed
from lamplighter.history.reading import read_history
from lamplighter.history.records import Reason
from lamplighter.history.report import Coordinates, Mapped, Report, SetAside, Unmapped
from lamplighter.history.shape import (
    COLUMNS,
    LATER_COLUMNS,
    SHAPE_VERSION,
    CallRow,
    HistoryInfo,
)

__all__ = [
    "COLUMNS",
    "LATER_COLUMNS",
    "SHAPE_VERSION",
    "Areas",
    "AreasError",
    "Bounds",
    "CallRow",
    "Coordinates",
    "History",
    "HistoryError",
    "HistoryInfo",
    "IncidentRule",
    "Layout",
    "LayoutError",
    "Linked",
    "Mapped",
    "Nature",
    "NatureRule",
    "Placed",
    "Reason",
    "Report",
    "SetAside",
    "StartedBy",
    "Unmapped",
    "load_layout",
    "natures",
    "open_history",
    "parse_layout",
    "read_areas",
    "read_history",
    "shipped_layouts",
]
