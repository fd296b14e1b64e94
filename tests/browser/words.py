"""What stands on a page, in the language of the page: the tests name it in English."""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

from lamplighter.policy import Policy, Value, Words

CITY = Path(__file__).parents[2] / "src/lamplighter/city"


class Say:
    """`say("Send now")` is "Enviar ahora" on a Spanish page; without Spanish the test fails."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str, room: str = "", /, **values: object) -> str:
        """The words as somebody reads them, with `values` in their places.

        A `room` is named where two rooms say the same English differently.
        """
        said = english if self.language == "en" else _spanish(english, room)
        for name, value in values.items():
            said = said.replace(f"%({name})s", str(value)).replace(f"{{{name}}}", str(value))
        return re.sub(r"<[^>]+>", "", said)

    def of(self, words: Words) -> str:
        """Words of a policy."""
        return words.in_language(self.language)

    def nature(self, policy: Policy, code: str) -> str:
        """What is happening."""
        return self._labels(policy.inputs["nature"].values, code)

    def responder(self, policy: Policy, code: Value) -> str:
        """Who goes."""
        return self._labels(policy.output("responder").values, code)

    def _labels(self, values: object, code: Value) -> str:
        return next(self.of(each.label) for each in values if each.value == code)  # type: ignore[attr-defined]


def _spanish(english: str, room: str) -> str:
    known = _catalogs()[english]
    said = {spanish for where, spanish in known if room in ("", where)}
    if len(said) != 1:
        raise LookupError(f"{english!r} is said in {len(said)} ways in Spanish: {sorted(known)}")
    return said.pop()


@lru_cache
def _catalogs() -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for po in CITY.rglob("locale/es/LC_MESSAGES/django.po"):
        with po.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id and message.string:
                    found[message.id].add((po.parents[3].name, str(message.string)))
    return found
