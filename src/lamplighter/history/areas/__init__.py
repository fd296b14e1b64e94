"""The areas of a city: named polygons that tell where a call was and who lives there."""

from lamplighter.history.areas.areas import Areas, AreasError, Outline, Overlap, Ring
from lamplighter.history.areas.geojson import parse_areas, read_areas

__all__ = ["Areas", "AreasError", "Outline", "Overlap", "Ring", "parse_areas", "read_areas"]
