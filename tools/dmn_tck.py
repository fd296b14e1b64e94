"""Runs a folder of DMN test cases, in the form of the DMN TCK, and counts what passes.

    python tools/dmn_tck.py FOLDER [--verbose]

Finds the test files (`*.xml` with `testCases`) at any depth and runs each against the model
beside it that it names. Prints `passed N of M` for each folder and, as the last line, in all;
exit code 1 where any case fails. What of a model is not read is null, and is named where cases
fail; a file that is no model fails all its cases.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.policy.dmn import Model, UnknownDecision, read_model
from lamplighter.policy.dmn.model import Service
from lamplighter.policy.dmn.printed import now
from lamplighter.policy.dmn.xml import local, parse, read_bytes
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.feel import Value, show
from lamplighter.policy.feel.calendar import (
    CalendarError,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from lamplighter.policy.feel.comparison import equal
from lamplighter.policy.feel.kinds import ANY, FeelType
from lamplighter.policy.feel.values import FeelError, kind_of, number

if TYPE_CHECKING:
    from lxml.etree import _Element

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_BEGINNING = 8192
# Older files say what a decision should be as `computed`.
_EXPECTED = ("expected", "computed")
_SAME_NUMBER = Decimal("0.00000001")


@dataclass(frozen=True)
class Result:
    """How one case went; `failure` is empty where it passed."""

    case: str
    failure: str = ""


class Untyped(str):
    """A value that a test file gives without its type; it may be any that is written so."""


class Some(dict[str, Value]):
    """A context that a test file gives with a name twice: it says nothing of other names."""


def read_value(element: _Element | None) -> Value:
    """The value that an `inputNode`, `expected`, `component` or `item` says."""
    if element is None or element.get(f"{_XSI}nil") == "true":
        return None
    if local(element) == "value":
        return _simple(element)
    children = [child for child in element if local(child) != "extensionElements"]
    nil = not children or children[0].get(f"{_XSI}nil") == "true"
    # A component that is nil stands beside others.
    if not children or (nil and local(children[0]) != "component"):
        return None
    kind = local(children[0])
    if kind == "component":
        parts = [(str(child.get("name")), read_value(child)) for child in children]
        return dict(parts) if len(dict(parts)) == len(parts) else Some(parts)
    if kind == "list":
        return tuple(read_value(item) for item in children[0])
    return read_value(children[0])


def _simple(element: _Element) -> Value:
    text = element.text or ""
    if element.get(f"{_XSI}type") is None:
        return Untyped(text)
    return _read(text, str(element.get(f"{_XSI}type")).rpartition(":")[2])


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
# How the types of FEEL are called in test files.
_WRITTEN = {
    **{kind: kind for kind in ("number", "boolean", "date", "time")},
    "date and time": "dateTime",
    "days and time duration": "duration",
    "years and months duration": "duration",
}


def _read(text: str, kind: str) -> Value:
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        if text not in _TRUTHS:
            raise FeelError(f"{text} is neither true nor false")
        return _TRUTHS[text]
    readers: dict[str, Callable[[str], Value]] = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
        "dayTimeDuration": parse_duration,
        "yearMonthDuration": parse_duration,
    }
    return readers[kind](text) if kind in readers else number(text)


def typed(value: Value, kind: FeelType) -> Value:
    """What a test file gives without a type, as the type says that it is meant."""
    if isinstance(value, tuple):
        return tuple(typed(item, kind.of or ANY) for item in value)
    if isinstance(value, Mapping):
        fields = dict(kind.fields or ())
        parts = {name: typed(part, fields.get(name, ANY)) for name, part in value.items()}
        return Some(parts) if isinstance(value, Some) else parts
    if not isinstance(value, Untyped):
        return value
    if kind.kind == "list":
        return typed(value, kind.of or ANY)
    try:
        return _read(str(value), _WRITTEN[kind.kind]) if kind.kind in _WRITTEN else value
    except (CalendarError, FeelError):
        return value


def is_same(found: Value, expected: Value) -> bool:
    """Whether a result is the expected one; numbers to eight decimals."""
    if isinstance(expected, Untyped):
        meant = typed(expected, FeelType(kind_of(found)))
        if not isinstance(meant, Untyped):
            return is_same(found, meant)
        return show(found, quoted=False) == meant or (found is None and not meant)
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) < _SAME_NUMBER
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return len(found) == len(expected) and all(map(is_same, found, expected))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        names = set(expected) if isinstance(expected, Some) else set(found) | set(expected)
        return all(
            name in found and name in expected and is_same(found[name], expected[name])
            for name in names
        )
    return equal(found, expected) is True


def run_case(model: Model, case: _Element) -> Iterator[Result]:
    """One result for each `resultNode` of a case."""
    name = case.get("id") or case.get("name") or "case"
    inputs: dict[str, Value] = {}
    kinds = {one.name: one.type for one in (*model.inputs, *model.decisions)}
    problem = ""
    for node in case:
        try:
            if local(node) == "inputNode":
                label = str(node.get("name"))
                namespace = f"{node.get('namespace')}#" if node.get("namespace") else ""
                kind = kinds.get(label, ANY)
                inputs[namespace + label] = typed(read_value(node), kind)
        except (CalendarError, FeelError, ValueError) as error:
            problem = f"the input {node.get('name')} cannot be read: {error}"
    for node in case:
        if local(node) != "resultNode":
            continue
        wanted = str(node.get("name"))
        label = f"{name}, {wanted}"
        expected_node = next((child for child in node if local(child) in _EXPECTED), None)
        try:
            expected = read_value(expected_node)
        except (CalendarError, FeelError, ValueError) as error:
            problem = f"the expected value cannot be read: {error}"
        if problem:
            yield Result(label, problem)
            continue
        asked = wanted
        if case.get("type", "decision") != "decision" and case.get("invocableName"):
            asked = str(case.get("invocableName"))
        try:
            answer = model.answer(asked, inputs, now=now())
        except UnknownDecision as error:
            yield Result(label, str(error))
            continue
        found = answer.value
        outputs = outputs_of(model, asked)
        if asked != wanted and wanted in outputs and len(outputs) > 1:
            # One of the results of a decision service; that of an import lies in a context.
            for part in outputs[wanted]:
                found = found.get(part) if isinstance(found, Mapping) else None
        if is_same(found, expected):
            yield Result(label)
        else:
            why = f" ({'; '.join(answer.reasons)})" if answer.reasons else ""
            yield Result(label, f"{show(found)} instead of {show(expected)}{why}")


def outputs_of(model: Model, name: str) -> dict[str, tuple[str, ...]]:
    """The decisions that a decision service gives: where they lie in its result, by name."""
    services = [one for one in model.elements.values() if isinstance(one, Service)]
    found = [output for one in services if one.name == name for output in one.outputs]
    paths = [(output.model, model.element(output).name) for output in found]
    return {".".join(path).lstrip("."): path if path[0] else path[1:] for path in paths}


@dataclass(frozen=True)
class Ran:
    """The cases of a test file, each counted once by its first failure, and what is not read."""

    results: tuple[Result, ...]
    problems: tuple[str, ...] = ()


def run_file(path: Path) -> Ran:
    """Runs the cases of a test file against the model that it names."""
    try:
        tests = parse(read_bytes(path), str(path))
    except PolicyError as error:
        return Ran((Result(path.name, str(error)),), (str(error),))
    cases = [child for child in tests if local(child) == "testCase"]
    name = next((child.text or "" for child in tests if local(child) == "modelName"), "").strip()
    try:
        if not Path(name).name:
            raise PolicyError([Problem("the test file names no model", str(path), 0, 0)])
        model = read_model(path.parent / Path(name).name, strict=False)
    except PolicyError as error:
        reasons = tuple(str(problem) for problem in error.problems)
        return Ran(tuple(Result(str(case.get("id")), reasons[0]) for case in cases), reasons)
    results: list[Result] = []
    for case in cases:
        found = list(run_case(model, case)) or [Result(str(case.get("id")), "it expects nothing")]
        failed = next((one for one in found if one.failure), None)
        results.append(failed or Result(str(case.get("id"))))
    return Ran(tuple(results), tuple(str(problem) for problem in model.problems))


def _is_test(path: Path) -> bool:
    with path.open("rb") as file:
        # Each second byte of UTF-16 is zero.
        return b"testCases" in file.read(_BEGINNING).replace(b"\0", b"")


def run_folder(folder: Path, verbose: bool = False) -> tuple[int, int]:
    """Runs all test files at any depth and prints the counts; how many passed, of how many."""
    folders: dict[Path, list[Ran]] = {}
    for path in sorted(folder.rglob("*.xml")):
        if path.is_file() and _is_test(path):
            folders.setdefault(path.parent, []).append(run_file(path))
    passed = total = 0
    for inner, files in folders.items():
        results = [result for one in files for result in one.results]
        good = sum(not result.failure for result in results)
        shown = inner.relative_to(folder)
        print(f"{shown if shown.parts else inner.name}: passed {good} of {len(results)}")
        if good < len(results):
            for problem in dict.fromkeys(said for one in files for said in one.problems):
                print(f"  {problem}")
        for result in results:
            if result.failure and verbose:
                print(f"  {result.case}: {result.failure}")
        passed += good
        total += len(results)
    print(f"passed {passed} of {total}")
    return passed, total


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a folder of DMN test cases.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true", help="show each failure")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder} is not a folder; give one that holds test files.", file=sys.stderr)
        return 2
    passed, total = run_folder(options.folder, options.verbose)
    return 0 if passed == total and total else 1


if __name__ == "__main__":
    sys.exit(main())
