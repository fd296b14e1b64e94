"""A DMN model that can be run: its inputs, decisions, functions and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lamplighter.policy.dmn.boxed import Boxed, FunctionBox
from lamplighter.policy.errors import Problem, did_you_mean, sentence
from lamplighter.policy.feel.evaluator import EMPTY, Evaluator, Scope
from lamplighter.policy.feel.kinds import FeelType, coerce
from lamplighter.policy.feel.values import (
    FeelError,
    Function,
    Overload,
    Parameter,
    Runaway,
    Value,
)

MAX_CHAIN = 100


@dataclass(frozen=True)
class Requirement:
    """The id of an element that another needs, and the name of the import that it lies in."""

    key: str
    model: str = ""


@dataclass(frozen=True)
class InputData:
    """A fact that the model is given."""

    id: str
    name: str
    type: FeelType
    namespace: str = ""


@dataclass(frozen=True)
class Decision:
    """Something that is decided from inputs and other decisions."""

    id: str
    name: str
    type: FeelType
    logic: Boxed
    requires: tuple[Requirement, ...]
    namespace: str = ""


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a function that decisions call."""

    id: str
    name: str
    logic: FunctionBox | None
    requires: tuple[Requirement, ...]


@dataclass(frozen=True)
class Service:
    """A decision service: decisions that are called like a function."""

    id: str
    name: str
    type: FeelType
    outputs: tuple[Requirement, ...]
    inputs: tuple[Requirement, ...]


Element = InputData | Decision | Knowledge | Service


def full_name(element: Element) -> str:
    """How a caller says which of two elements it means that have a name in different models."""
    namespace = element.namespace if isinstance(element, InputData | Decision) else ""
    return f"{namespace}#{element.name}"


@dataclass(frozen=True)
class Answer:
    """What a model decides, and why parts of it are null."""

    value: Value
    reasons: tuple[str, ...] = ()


class UnknownDecision(ValueError):
    """The model has nothing of that name that could be decided; one sentence."""


@dataclass(frozen=True, eq=False)
class Model:
    """A DMN model that was read; `problems` are what in it could not be read."""

    name: str
    namespace: str
    version: str
    elements: Mapping[str, Element]
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    # The names of the elements by id; a variable may give its element another in expressions.
    called: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The models that it imports, by the names that its expressions give them.
    imports: Mapping[str, Model] = field(default_factory=dict, repr=False)

    @property
    def inputs(self) -> tuple[InputData, ...]:
        return tuple(one for one in self.elements.values() if isinstance(one, InputData))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(one for one in self.elements.values() if isinstance(one, Decision))

    def decide(self, name: str, inputs: Mapping[str, Value], *, now: Value = None) -> Value:
        """The value of the decision (or the decision service, or the function) called `name`.

        `inputs` are the input data by name; what is missing is null, as is what does not
        conform to its type. A decision that is given is not decided. `now` is the moment that
        `now()` and `today()` speak of. Raises `UnknownDecision`.
        """
        return self.answer(name, inputs, now=now).value

    def answer(self, name: str, inputs: Mapping[str, Value], *, now: Value = None) -> Answer:
        """As `decide`, with the reasons why something is null."""
        element = self._find(name)
        evaluator = Evaluator(now=now)
        run = _Run(self, evaluator, inputs)
        try:
            value = run.asked(element)
        except Runaway as error:
            evaluator.note(str(error))
            value = None
        except RecursionError:
            evaluator.note("the evaluation is nested too deeply")
            value = None
        return Answer(value, tuple(evaluator.reasons))

    def element(self, requirement: Requirement) -> Element:
        """What is required, in this model or in one that it imports."""
        model = self.imports[requirement.model] if requirement.model else self
        return model.elements[requirement.key]

    def takes(self, name: str | None = None) -> dict[str, FeelType]:
        """What may be given to decide `name`, and its type: inputs, decisions, parameters."""
        known: dict[str, FeelType] = {}
        for model, inner in self.imports.items():
            known |= {f"{model}.{one}": kind for one, kind in inner.takes().items()}
        given: tuple[InputData | Decision, ...] = (*self.decisions, *self.inputs)
        for element in given:
            known |= {full_name(element): element.type, element.name: element.type}
        asked = None if name is None else self._find(name)
        if isinstance(asked, Knowledge) and asked.logic is not None:
            known |= dict(asked.logic.parameters)
        return known

    def _find(self, name: str) -> Element:
        wanted = " ".join(name.split())
        for kind in (Decision, Service, Knowledge):
            for element in self.elements.values():
                if isinstance(element, kind) and element.name == wanted:
                    return element
        for key, name_of_element in self.called.items():
            if name_of_element == wanted and not isinstance(self.elements[key], InputData):
                return self.elements[key]
        named = self.elements.get(wanted)
        if named is not None and not isinstance(named, InputData):
            return named
        known = [one.name for one in self.elements.values() if not isinstance(one, InputData)]
        raise UnknownDecision(sentence(f"the model decides no {name}; {did_you_mean(name, known)}"))


class _Run:
    """One decision being made: what is settled so far, by element."""

    def __init__(
        self,
        model: Model,
        evaluator: Evaluator,
        inputs: Mapping[str, Value],
        outer: _Run | None = None,
    ) -> None:
        self.model = model
        self.evaluator = evaluator
        self.inputs = inputs
        self.outer = outer
        self.settled: dict[str, Value] = {}
        self.imported: dict[str, _Run] = {}
        self.depth: int = 0 if outer is None else outer.depth

    def asked(self, element: Element) -> Value:
        """The value of what was asked for; functions and services are called with the inputs."""
        if isinstance(element, InputData | Decision):
            return self.value(element)
        function = self.value(element)
        if not isinstance(function, Function):
            return None
        parameters = function.overloads[0].parameters
        given = self._arguments(element, parameters)
        arguments = tuple(map(self._conforming, parameters, given))
        try:
            return self.evaluator.invoke(function, arguments)
        except FeelError as error:
            self.evaluator.note(str(error))
            return None

    def _arguments(self, element: Element, parameters: tuple[Parameter, ...]) -> list[Value]:
        """What the inputs say of the parameters of a function or a service."""
        if not isinstance(element, Service):
            return [self.inputs.get(one.name) for one in parameters]
        found: list[Value] = []
        for one, parameter in zip(element.inputs, parameters, strict=True):
            full = full_name(self.model.element(one))
            found.append(self.inputs.get(full, self.inputs.get(parameter.name)))
        return found

    def _conforming(self, parameter: Parameter, value: Value) -> Value:
        """An input, which is null where it does not conform."""
        try:
            return coerce(value, parameter.type)
        except FeelError as error:
            self.evaluator.note(f"{parameter.name}: {error}")
            return None

    def value(self, element: Element) -> Value:
        if element.id not in self.settled:
            self.depth += 1
            if self.depth > MAX_CHAIN:
                raise Runaway(f"more than {MAX_CHAIN} decisions need each other")
            self.settled[element.id] = self._settle(element)
            self.depth -= 1
        return self.settled[element.id]

    def run_of(self, requirement: Requirement) -> _Run:
        """The run that settles what is required: this one, or that of an imported model."""
        name = requirement.model
        if not name:
            return self
        if name not in self.imported:
            self.imported[name] = _Run(
                self.model.imports[name], self.evaluator, _inputs_of(name, self.inputs), self
            )
        return self.imported[name]

    def _given(self, element: InputData | Decision) -> tuple[Value] | None:
        """What was given for an element: by its namespace, else by its name.

        What nothing gives of an input has it from the importing model, where it has that name.
        """
        run: _Run | None = self
        while run is not None:
            names = [full_name(element)]
            if run is self or isinstance(element, InputData):
                names.append(element.name)
            for name in names:
                if name in run.inputs:
                    return (run.inputs[name],)
            run = run.outer
        return None

    def _settle(self, element: Element) -> Value:
        try:
            if isinstance(element, InputData | Decision):
                given = self._given(element)
                if given is not None:
                    return coerce(given[0], element.type)
            if isinstance(element, InputData):
                return None
            if isinstance(element, Decision):
                scope = Scope(self.values(element.requires), EMPTY)
                return coerce(element.logic.evaluate(self.evaluator, scope), element.type)
            if isinstance(element, Knowledge):
                return self._knowledge(element)
            return self._service(element)
        except FeelError as error:
            self.evaluator.note(f"{element.name}: {error}")
            return None

    def values(self, requires: tuple[Requirement, ...]) -> dict[str, Value]:
        """What is required, by name; that of an imported model lies in a context."""
        return self._by_name(
            (one, self.run_of(one).value(self.model.element(one))) for one in requires
        )

    def _by_name(self, found: Iterable[tuple[Requirement, Value]]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        imported: dict[str, dict[str, Value]] = {}
        for one, value in found:
            within = imported.setdefault(one.model, {}) if one.model else values
            within[self.model.element(one).name] = value
        return {**imported, **values}

    def _knowledge(self, element: Knowledge) -> Value:
        if element.logic is None:
            raise FeelError(f"{element.name} has no logic")
        values: dict[str, Value] = {}
        function = element.logic.evaluate(self.evaluator, Scope(values, EMPTY))
        # It may call itself, and functions may call each other.
        values[element.name] = function
        self.settled[element.id] = function
        values |= self.values(element.requires)
        return function

    def _service(self, element: Service) -> Value:
        required = [(one, self.model.element(one)) for one in element.inputs]

        def run(evaluator: Evaluator, *arguments: Value) -> Value:
            inner = _Run(self.model, evaluator, {})
            inner.depth = self.depth
            for (one, wanted), argument in zip(required, arguments, strict=True):
                inner.run_of(one).settled[wanted.id] = argument
            results = [
                (one, inner.run_of(one).value(self.model.element(one))) for one in element.outputs
            ]
            return self._by_name(results) if len(results) != 1 else results[0][1]

        parameters = tuple(
            Parameter(f"{one.model}.{wanted.name}".lstrip("."), wanted.type)
            for one, wanted in required
            if isinstance(wanted, InputData | Decision)
        )
        result = element.type.of if element.type.kind == "function" else element.type
        return Function(element.name, (Overload(parameters, run, result),))


def _inputs_of(name: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """What an imported model is given: `name.input`, or the input in a context `name`."""
    whole = inputs.get(name)
    found = dict(whole) if isinstance(whole, Mapping) else {}
    start = f"{name}."
    found |= {key.removeprefix(start): one for key, one in inputs.items() if key.startswith(start)}
    return found
