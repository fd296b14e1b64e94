"""Runs a folder of DMN test cases, in the form of the DMN TCK, and counts what passes.

    python tools/dmn_tck.py FOLDER [--verbose]

Finds `*-test-*.xml` at any depth and runs each against the model that it names. Prints
`passed N of M` for each folder and, as the last line, in all; exit code 1 where any case fails.
A model with something in it that is not read fails all its cases, for that reason.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.policy.dmn import Model, UnknownDecision, read_model
from lamplighter.policy.dmn.model import Service
from lamplighter.policy.dmn.xml import local, parse, read_bytes
from lamplighter.policy.errors import PolicyError
from lamplighter.policy.feel import Value, show
from lamplighter.policy.feel.calendar import (
    CalendarError,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from lamplighter.policy.feel.comparison import equal
from lamplighter.policy.feel.values import FeelError, number

if TYPE_CHECKING:
    from lxml.etree import _Element

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_SAME_NUMBER = Decimal("0.00000001")


@dataclass(frozen=True)
class Result:
    """How one case went; `failure` is empty where it passed."""

    case: str
    failure: str = ""


class Untyped(str):
    """A value that a test file gives without its type; it may be any that is written so."""


def read_value(element: _Element | None) -> Value:
    """The value that an `inputNode`, `expected`, `component` or `item` says."""
    if element is None or element.get(f"{_XSI}nil") == "true":
        return None
    children = [child for child in element if local(child) != "extensionElements"]
    nil = not children or children[0].get(f"{_XSI}nil") == "true"
    # A component that is nil stands beside others.
    if not children or (nil and local(children[0]) != "component"):
        return None
    kind = local(children[0])
    if kind == "component":
        return {str(child.get("name")): read_value(child) for child in children}
    if kind == "list":
        return tuple(read_value(item) for item in children[0])
    return _simple(children[0])


def _simple(element: _Element) -> Value:
    text = element.text or ""
    if element.get(f"{_XSI}type") is None:
        return Untyped(text)
    kind = str(element.get(f"{_XSI}type")).rpartition(":")[2]
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    readers = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
        "dayTimeDuration": parse_duration,
        "yearMonthDuration": parse_duration,
    }
    return readers[kind](text) if kind in readers else number(text)


def is_same(found: Value, expected: Value) -> bool:
    """Whether a result is the expected one; numbers to eight decimals."""
    if isinstance(expected, Untyped):
        return show(found, quoted=False) == expected
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) < _SAME_NUMBER
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return len(found) == len(expected) and all(map(is_same, found, expected))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return set(found) == set(expected) and all(
            is_same(found[name], value) for name, value in expected.items()
        )
    return equal(found, expected) is True


def run_case(model: Model, case: _Element) -> Iterator[Result]:
    """One result for each `resultNode` of a case."""
    name = case.get("id") or case.get("name") or "case"
    inputs: dict[str, Value] = {}
    problem = ""
    for node in case:
        try:
            if local(node) == "inputNode":
                inputs[str(node.get("name"))] = read_value(node)
        except (CalendarError, FeelError, ValueError) as error:
            problem = f"the input {node.get('name')} cannot be read: {error}"
    for node in case:
        if local(node) != "resultNode":
            continue
        wanted = str(node.get("name"))
        label = f"{name}, {wanted}"
        expected_node = next((child for child in node if local(child) == "expected"), None)
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
            answer = model.answer(asked, inputs)
        except UnknownDecision as error:
            yield Result(label, str(error))
            continue
        found = answer.value
        outputs = _outputs_of(model, asked)
        if asked != wanted and wanted in outputs and len(outputs) > 1:
            # One of the results of a decision service.
            found = found.get(wanted) if isinstance(found, Mapping) else None
        if is_same(found, expected):
            yield Result(label)
        else:
            why = f" ({'; '.join(answer.reasons)})" if answer.reasons else ""
            yield Result(label, f"{show(found)} instead of {show(expected)}{why}")


def _outputs_of(model: Model, name: str) -> list[str]:
    """The names of the decisions that a decision service gives."""
    services = [one for one in model.elements.values() if isinstance(one, Service)]
    return [
        model.elements[output].name
        for one in services
        if one.name == name
        for output in one.outputs
    ]


def run_file(path: Path) -> list[Result]:
    """All cases of a test file; each counts once, by its first failure."""
    try:
        tests = parse(read_bytes(path), str(path))
    except PolicyError as error:
        return [Result(path.name, str(error))]
    cases = [child for child in tests if local(child) == "testCase"]
    name = next((child.text or "" for child in tests if local(child) == "modelName"), "").strip()
    try:
        model = read_model(path.parent / name, strict=False)
    except PolicyError as error:
        reason = str(error).replace("\n", " ")
        return [Result(str(case.get("id")), reason) for case in cases]
    results: list[Result] = []
    for case in cases:
        found = list(run_case(model, case))
        failed = [one for one in found if one.failure]
        results.append(failed[0] if failed else Result(str(case.get("id"))))
    return results


def run_folder(folder: Path, verbose: bool = False) -> tuple[int, int]:
    """Runs all test files at any depth and prints the counts; how many passed, of how many."""
    folders: dict[Path, list[Result]] = {}
    for path in sorted(folder.rglob("*-test-*.xml")):
        folders.setdefault(path.parent, []).extend(run_file(path))
    passed = total = 0
    for inner, results in folders.items():
        good = sum(not result.failure for result in results)
        shown = inner.relative_to(folder)
        print(f"{shown if shown.parts else inner.name}: passed {good} of {len(results)}")
        reasons: set[str] = set()
        for result in results:
            if result.failure and (verbose or result.failure not in reasons):
                if verbose:
                    print(f"  {result.case}: {result.failure}")
                elif "line" in result.failure and "dmn" in result.failure:
                    print(f"  {result.failure}")
                reasons.add(result.failure)
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
