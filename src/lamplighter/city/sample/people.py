"""Who lives where in the sample city: invented numbers of people by neighborhood."""

import json
from datetime import datetime

from lamplighter.city.rehearsal.areas.actions import CountedGroup, keep_areas
from lamplighter.city.rehearsal.models import AreaFile
from lamplighter.city.rehearsal.scenarios.choosing import city_areas

NAME = "Lanternfield, and who lives there"
EVERYONE = "residents"
GROUPS = (
    CountedGroup("below_poverty_line", "below the poverty line"),
    CountedGroup("spanish_at_home", "Spanish at home"),
    CountedGroup("over_65", "65 and older"),
)
# All people, and of them those below the poverty line, with Spanish at home, of 65 and older.
_PEOPLE = {
    "Millrace": (9_400, 2_350, 3_290, 940),
    "Foundry Flats": (12_100, 4_480, 5_570, 1_090),
    "Tanner's Bend": (8_700, 1_910, 2_090, 1_310),
    "Eastgate": (10_300, 2_780, 3_400, 1_240),
    "Orchard Hill": (7_200, 430, 580, 1_730),
    "Old Market": (11_800, 2_600, 2_240, 1_300),
    "Courthouse Square": (6_900, 1_590, 1_100, 970),
    "Station Yards": (9_900, 3_760, 3_070, 990),
    "Larkspur": (8_300, 500, 660, 2_160),
    "College Green": (13_500, 4_050, 1_620, 680),
    "Prospect": (7_800, 780, 940, 1_560),
    "Windmill Heights": (6_100, 370, 490, 1_460),
}


def keep_people(now: datetime) -> AreaFile:
    """Keep the neighborhoods with the people in them; where there are areas, those."""
    kept = AreaFile.objects.filter(by=None).first()
    if kept is not None:
        return kept
    drawn = json.loads(city_areas())
    for feature in drawn["features"]:
        counted = _PEOPLE[feature["properties"]["name"]]
        columns = (EVERYONE, *(group.column for group in GROUPS))
        feature["properties"].update(zip(columns, counted, strict=True))
    text = json.dumps(drawn)
    return keep_areas(NAME, text, by=None, now=now, groups=GROUPS, everyone=EVERYONE)
