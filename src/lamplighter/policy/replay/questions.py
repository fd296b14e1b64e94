"""Which questions that a history leaves open would close most of the gap between the bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import UNKNOWN
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.residues import Residue
from lamplighter.policy.replay.result import Question, Questions
from lamplighter.policy.replay.tally import main_output

# What is possible is asked at most so often, which takes a few seconds; and where the policy is
# too large for a diagram.
_MOST_ASKED, _MOST_FOLLOWED = 40_000, 4_000
_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class _Case:
    """Calls with the same facts: their classes, which inputs are known (bits), how many calls."""

    codes: tuple[int, ...]
    known: int
    calls: float

    @property
    def facts(self) -> tuple[tuple[int, ...], int]:
        return self.codes, self.known


def open_questions(
    possible: Possible, residues: Mapping[int, int], gaps: Sequence[int]
) -> Questions:
    """Work out what each open question is worth.

    `residues` counts the calls with each residue; `gaps` has the gap of each set of outcomes.
    """
    search = _Search(possible, gaps)
    sets = possible.residues.sets
    still_open = [(calls, place) for place, calls in residues.items() if gaps[sets[place]]]
    gap = sum(calls * gaps[sets[place]] for calls, place in still_open)
    opened = sum(calls for calls, _ in still_open)
    still_open.sort(key=lambda one: -one[0])
    cases, examined = search.affordable(
        [search.case(possible.residues[place], calls) for calls, place in still_open[: search.most]]
    )
    if not cases:
        return Questions(gap, (), (), 1.0)
    alone = sorted(search.each(cases), key=lambda question: (-question.closes, question.input))
    together: list[Question] = []
    # What is unsure of many calls may turn out to be certain of each: then there is no question.
    chosen = alone[0] if alone else None
    while chosen and chosen.closes > 0:
        together.append(chosen)
        cases = [known for case in cases for known in search.answered(case, chosen.input)]
        search.learn_supports(cases)
        search.learn_gaps(cases)
        if len(together) == _TOGETHER or not any(search.gap(case) for case in cases):
            break
        if sum(search.cost(case) for case in cases) > search.most:
            break
        chosen = max(
            search.each(cases),
            key=lambda question: (question.closes, -search.place(question.input)),
            default=None,
        )
        if chosen and chosen.closes <= together[-1].closes:
            break
    return Questions(gap, tuple(alone), tuple(together), examined / opened)


class _Search:
    def __init__(self, possible: Possible, gaps: Sequence[int]) -> None:
        self._possible = possible
        self._gaps = list(gaps)
        self._compiled = possible.bulk.compiled
        self._answers = [_answers(axis) for axis in self._compiled.axes]
        self._gap_of: dict[tuple[tuple[int, ...], int], int] = {}
        self._support_of: dict[tuple[tuple[int, ...], int], int] = {}
        self._whole: tuple[float, float] | None = None

    @property
    def most(self) -> int:
        """How often it may be asked what is possible."""
        diagram = self._possible.bulk.policy.engine.diagram
        return _MOST_FOLLOWED if diagram.is_too_large else _MOST_ASKED

    def place(self, name: str) -> int:
        return self._possible.bulk.positions[name]

    def case(self, residue: Residue, calls: int) -> _Case:
        return _Case(residue.codes, residue.known, calls)

    def gap(self, case: _Case) -> int:
        return self._gap_of[case.facts]

    def learn_gaps(self, cases: Iterable[_Case]) -> None:
        """Work out the gaps of all cases at once, for `gap`."""
        new = list(dict.fromkeys(c.facts for c in cases if c.facts not in self._gap_of))
        found = self._possible.ask_all(new)
        # Sets may have come up that no call has.
        self._gaps += gaps_of(self._possible, self._possible.sets[len(self._gaps) :])
        self._gap_of |= {facts: self._gaps[one] for facts, one in zip(new, found, strict=True)}

    def support(self, case: _Case) -> int:
        """The inputs, as bits, that can change the outcome of a case."""
        return self._support_of[case.facts]

    def learn_supports(self, cases: Iterable[_Case]) -> None:
        """Work out the supports of all cases at once, for `support`."""
        new = list(dict.fromkeys(c.facts for c in cases if c.facts not in self._support_of))
        found = self._possible.all_that_can_matter(new)
        self._support_of |= dict(zip(new, found, strict=True))

    def cost(self, case: _Case) -> int:
        return sum(len(self._answers[place]) for place in _bits(self.support(case)))

    def affordable(self, cases: list[_Case]) -> tuple[list[_Case], float]:
        """The most frequent cases, as many as can be looked at; and how many calls they are."""
        kept: list[_Case] = []
        asked = 0
        self.learn_supports(cases)
        for case in sorted(cases, key=lambda case: -case.calls):
            asked += self.cost(case)
            if asked > self.most and kept:
                break
            kept.append(case)
        self.learn_gaps(kept)
        self._whole = (
            sum(case.calls * self.gap(case) for case in kept),
            sum(case.calls for case in kept),
        )
        return kept, self._whole[1]

    def each(self, cases: list[_Case]) -> Iterator[Question]:
        """What each question does, once what is known in the cases is known."""
        assert self._whole is not None
        whole, opened = self._whole
        left = sum(case.calls * self.gap(case) for case in cases)
        still = sum(case.calls for case in cases if self.gap(case))
        opening = [case for case in cases if self.gap(case)]
        asked: dict[str, tuple[list[_Case], list[_Case]]] = {}
        for axis in self._compiled.axes:
            bit = 1 << self.place(axis.name)
            matters = [case for case in opening if self.support(case) & bit]
            if matters:
                answered = [known for case in matters for known in self.answered(case, axis.name)]
                asked[axis.name] = matters, answered
        self.learn_gaps(case for _, answered in asked.values() for case in answered)
        for name, (matters, answered) in asked.items():
            before = sum(case.calls * self.gap(case) for case in matters)
            after = sum(case.calls * self.gap(case) for case in answered)
            settled = sum(case.calls for case in answered if not self.gap(case))
            yield Question(
                name,
                round(sum(case.calls for case in matters)),
                (whole - left + before - after) / whole if whole else 0.0,
                opened - still + settled,
            )

    def answered(self, case: _Case, name: str) -> list[_Case]:
        """The case once the question is answered, each answer as likely as the others."""
        place = self.place(name)
        if not self.support(case) >> place & 1:
            return [case]
        answers = self._answers[place]
        return [
            _Case(
                (*case.codes[:place], code, *case.codes[place + 1 :]),
                case.known | 1 << place,
                case.calls * weight,
            )
            for code, weight in answers.items()
        ]


def gaps_of(possible: Possible, sets: Iterable[Sequence[int]]) -> list[int]:
    """How many values of the main output sets leave open, a failure among them; 0 for one."""
    main = main_output(possible.bulk.policy)
    of_outcome = [outcome.get(main) for outcome in possible.bulk.outcomes]
    open_values = [len(set(map(of_outcome.__getitem__, members))) for members in sets]
    return [many if many > 1 else 0 for many in open_values]


def _answers(axis: Axis) -> dict[int, float]:
    """The classes that an answer can have, and how likely each is when all answers are equal."""
    known = {code: 0 for code in range(len(axis.examples)) if axis.examples[code] is not UNKNOWN}
    if axis.declared.type in ("choice", "boolean"):
        for fact, code in axis.codes.items():
            if fact is not UNKNOWN:
                known[code] += 1
        known = {code: count for code, count in known.items() if count}
    else:
        known = dict.fromkeys(known, 1)
    whole = sum(known.values())
    return {code: count / whole for code, count in known.items()}


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
