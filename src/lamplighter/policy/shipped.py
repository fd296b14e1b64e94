"""Finds the policies that ship with Lamplighter."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
# In the wheel they stand beside the package's modules, in the repository at its top.
_PLACES = (_PACKAGE / "shipped_policies", _PACKAGE.parent.parent / "policies")


def shipped_policies() -> tuple[str, ...]:
    """The names of the policies that ship."""
    return tuple(sorted({path.stem for place in _PLACES for path in place.glob("*.yaml")}))


def shipped_policy(name: str) -> Path:
    """The file of the shipped policy called `name`; `FileNotFoundError` where there is none."""
    for place in _PLACES:
        path = place / f"{name}.yaml"
        if path.is_file() and path.parent == place:
            return path
    shipped = ", ".join(shipped_policies()) or "none"
    raise FileNotFoundError(f"no policy called {name} ships with Lamplighter; shipped: {shipped}")


def find_policy(name: str) -> Path:
    """The file of a policy that is told by its path or, where no file is there, by a shipped name.

    `FileNotFoundError`, with what may be given, where it is neither.
    """
    path = Path(name)
    if path.exists():
        return path
    if name in shipped_policies():
        return shipped_policy(name)
    shipped = ", ".join(shipped_policies()) or "none"
    raise FileNotFoundError(
        f"{name} is neither a file nor a policy that ships; give a path or one of: {shipped}."
    )
