"""How a simulated team's encounter goes, drawn from what mobile crisis teams report.

Lane County, 4,682 dispatches, where stated: engaged 43 %, not located 30 %, declined 19 %,
cancelled 7 % (these count as engaged here); 80 % stayed in the community, 14 % went to an
emergency department, arrests 0.3 %. Needs, several a call: agitation 45 %, disorganised 32 %,
difficulty functioning 29 %, suicidality 22 %. What is offered and accepted is assumed.
"""

import random
from dataclasses import dataclass

MET = {"engaged": 0.51, "not_found": 0.30, "declined": 0.19}
# Who was met stayed, or left with somebody: 14 and 0.3 of the 70 % that were found.
OUTCOMES = {"stayed": 0.74, "transported": 0.06, "hospital": 0.196, "arrest": 0.004}
NEEDS = {
    "agitation": 0.45,
    "disorganized": 0.32,
    "daily_living": 0.29,
    "suicidality": 0.22,
    "substance_use": 0.20,
    "medical": 0.15,
    "shelter": 0.15,
}
OFFERS = ("talk", "supplies", "ride", "shelter", "case_manager", "information", "medical_care")
ACCEPTED = 0.6
TRANSPORTS = ("home", "shelter", "crisis_center", "detox")
CLEARED_AS = {"engaged": "helped", "not_found": "no_person_found", "declined": "declined"}


@dataclass(frozen=True)
class DrawnEncounter:
    """An encounter in the city's codes."""

    met: str
    outcome: str = "no_contact"
    needs: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    transport: str = "none"


def draw_encounter(generator: random.Random) -> DrawnEncounter:
    """Draw whom a team met, what it offered and how it ended.

    >>> drawn = draw_encounter(random.Random(1))
    >>> set(drawn.accepted) <= set(drawn.offered)
    True
    """
    met = generator.choices(list(MET), list(MET.values()))[0]
    if met == "not_found":
        return DrawnEncounter(met)
    needs = tuple(need for need, share in NEEDS.items() if generator.random() < share)
    offered = tuple(generator.sample(OFFERS, generator.randint(1, 3)))
    if met == "declined":
        return DrawnEncounter(met, "stayed", needs, offered)
    outcome = generator.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    transport = "none"
    if outcome == "hospital":
        transport = "hospital"
    elif outcome == "transported":
        transport = generator.choice(TRANSPORTS)
    accepted = tuple(offer for offer in offered if generator.random() < ACCEPTED)
    return DrawnEncounter(met, outcome, needs, offered, accepted, transport)
