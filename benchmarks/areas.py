"""The areas of a million places: seconds of `Areas.of`, beside shapely's tree asked the same."""

import json
import time
from importlib.metadata import version

import numpy as np
import shapely

from benchmarks.machine import machine
from lamplighter.history.areas import parse_areas

PLACES = 1_000_000
AREAS = 190  # as many as Milwaukee's neighborhoods have
CORNERS_EVERY_DEGREES = 0.002
MOST_SECONDS = 2.0
SEED = 20180501
WEST, SOUTH, EAST, NORTH = -88.07, 42.92, -87.87, 43.19


def main(places: int = PLACES) -> None:
    """Ask both for the same places, hold the answers to each other, and print the figures."""
    chance = np.random.default_rng(SEED)
    areas = parse_areas(city(chance), "city.geojson")
    latitude = chance.uniform(SOUTH, NORTH, places)
    longitude = chance.uniform(WEST, EAST, places)
    began = time.perf_counter()
    found = areas.of(latitude, longitude)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    tree = shapely.STRtree(areas.shapes)
    place, index = tree.query(shapely.points(longitude, latitude), predicate="intersects")
    peer = time.perf_counter() - began
    theirs = np.full(places, len(areas))
    np.minimum.at(theirs, place, index)
    assert (found == np.where(theirs == len(areas), -1, theirs)).all()
    corners = sum(len(ring) for outline in areas.outlines for ring in outline)
    print(f"machine: {machine()}")
    print(f"data: {places:,} places, {len(areas)} invented areas with {corners:,} corners")
    print(
        f"areas: {ours:.2f} s ({ours / MOST_SECONDS:.2f} of the {MOST_SECONDS:.0f} s allowed); "
        f"peer: shapely {version('shapely')}, a tree of the areas asked for each place: "
        f"{peer:.2f} s, {peer / ours:.1f} times as long, with the same answers"
    )


def city(chance: np.random.Generator) -> str:
    """Return areas that share their borders, as GeoJSON: the places nearest to invented centers."""
    centers = chance.uniform((WEST, SOUTH), (EAST, NORTH), (AREAS, 2))
    frame = shapely.box(WEST, SOUTH, EAST, NORTH)
    cells = shapely.voronoi_polygons(shapely.multipoints(centers), extend_to=frame)
    shapes = shapely.segmentize(
        shapely.intersection(shapely.get_parts(cells), frame), CORNERS_EVERY_DEGREES
    )
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"Area {number}"},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for number, shape in enumerate(shapes, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


if __name__ == "__main__":
    main()
