"""The natures that a call can have, whatever a city calls them."""

from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Nature:
    """One thing that a call can be about.

    `apco` lists APCO common incident type codes, the first being the one to send;
    the words are what callers say, for search. Labels for readers are in the policy.
    """

    code: str
    apco: tuple[str, ...]
    words_en: tuple[str, ...]
    words_es: tuple[str, ...]


@cache
def natures() -> tuple[Nature, ...]:
    """Return every nature, in the order of the catalogue.

    >>> [nature.code for nature in natures()][:2]
    ['medical_emergency', 'overdose']
    """
    from lamplighter.plain_yaml import load

    text = resources.files(__package__).joinpath("natures.yaml").read_text("utf-8")
    entries = load(text)
    return tuple(
        Nature(
            code=code,
            apco=tuple(entry["apco"]),
            words_en=tuple(entry["words"]["en"]),
            words_es=tuple(entry["words"]["es"]),
        )
        for code, entry in entries.items()
    )


@cache
def nature_codes() -> frozenset[str]:
    """Return the codes of all natures."""
    return frozenset(nature.code for nature in natures())
