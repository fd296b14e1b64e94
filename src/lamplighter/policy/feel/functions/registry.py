"""How a built-in function says its name and its parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lamplighter.policy.feel.kinds import ANY, BUILT_IN
from lamplighter.policy.feel.values import Overload, Parameter, Value

F = TypeVar("F", bound=Callable[..., Value])


class Registry:
    """The functions of one module.

    Parameters are written `name: type`; `?` behind the type makes it optional, `*` takes all
    arguments that are left, `~` takes null as well, which Any does by itself.
    """

    def __init__(self) -> None:
        self.overloads: dict[str, list[Overload]] = {}

    def add(
        self, name: str, parameters: str = "", *, evaluator: bool = False, named: bool = False
    ) -> Callable[[F], F]:
        """Registers a function; with `evaluator` it is handed the evaluator first.

        With `named` it is one for arguments with names only.
        """
        declared = tuple(_parameter(one) for one in parameters.split(", ") if one)

        def register(function: F) -> F:
            run = function if evaluator else (lambda _, *arguments: function(*arguments))
            self.overloads.setdefault(name, []).append(Overload(declared, run, named=named))
            return function

        return register


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    plain = kind.rstrip("?*~")
    marks = kind[len(plain) :]
    wanted = ANY if plain == "Any" else BUILT_IN[plain]
    optional = "?" in marks
    nullable = "~" in marks or optional or plain == "Any"
    return Parameter(name, wanted, optional, "*" in marks, nullable)
