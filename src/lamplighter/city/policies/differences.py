"""Two texts, and the lines in which they differ."""

from difflib import unified_diff


def lines_that_differ(old: str, new: str) -> list[tuple[str, str]]:
    """The lines that differ, each with what it is: `same`, `old`, `new` or `place`."""
    kinds = {"-": "old", "+": "new", "@": "place"}
    lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))[2:]
    return [(kinds.get(line[:1], "same"), line[1:] if line[:1] != "@" else "…") for line in lines]
