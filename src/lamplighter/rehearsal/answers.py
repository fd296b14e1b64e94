"""What a simulated caller answers, drawn from stated rates."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ruamel.yaml.error import YAMLError

from lamplighter.plain_yaml import load

Answer = str | bool


class RatesError(ValueError):
    """The file of rates cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Rates:
    """For each fact the share of callers who give each answer; some natures have their own.

    `facts[fact]` and `natures[nature][fact]` are (answer, share) pairs whose shares add up to one.
    """

    facts: Mapping[str, tuple[tuple[Answer, float], ...]]
    natures: Mapping[str, Mapping[str, tuple[tuple[Answer, float], ...]]]

    def answer(self, nature: str, fact: str, generator: random.Random) -> Answer:
        """Draw the answer to one question; `"unknown"` where no rate is stated for the fact."""
        shares = self.natures.get(nature, {}).get(fact) or self.facts.get(fact)
        if shares is None:
            return "unknown"
        answers = [answer for answer, _share in shares]
        return generator.choices(answers, [share for _answer, share in shares])[0]


def load_rates(path: Path | None = None) -> Rates:
    """Read a file of rates, or the shipped one.

    Raises RatesError when the file does not parse, or the shares of a fact are over one.

    >>> load_rates().answer("person_without_shelter", "no_shelter", random.Random(1))
    True
    """
    source = path or Path(str(files("lamplighter.rehearsal") / "answers.yaml"))
    try:
        read = load(source.read_text(encoding="utf-8"))
        facts = {fact: _shares(shares, fact) for fact, shares in read["facts"].items()}
        natures = {
            nature: {fact: _shares(shares, f"{nature}: {fact}") for fact, shares in own.items()}
            for nature, own in (read.get("natures") or {}).items()
        }
    except (YAMLError, KeyError, AttributeError, TypeError) as error:
        raise RatesError(
            f"{source} is not a file of rates: it needs `facts`, each with answers and shares."
        ) from error
    return Rates(facts, natures)


def _shares(stated: Mapping[str, object], where: str) -> tuple[tuple[Answer, float], ...]:
    shares = {name: share for name, share in stated.items() if name != "else"}
    if not all(isinstance(share, int | float) and 0 <= share <= 1 for share in shares.values()):
        raise RatesError(f"{where}: a share is a number from 0 to 1.")
    numbers = {
        name: float(share) for name, share in shares.items() if isinstance(share, int | float)
    }
    rest = 1 - sum(numbers.values())
    if rest < -1e-9:
        raise RatesError(f"{where}: the shares add up to more than 1.")
    if "else" not in stated:
        raise RatesError(f"{where}: say what all others answer, as `else`.")
    pairs = [*numbers.items(), (str(stated["else"]), max(rest, 0.0))]
    return tuple((_value(name), share) for name, share in pairs)


def _value(name: str) -> Answer:
    return {"true": True, "false": False}.get(name, name)
