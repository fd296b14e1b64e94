"""Builds the YAML of a policy line by line, and knows of each line which cell it came from."""

from __future__ import annotations

import json

from lamplighter.policy.sheet.laid_out import NOWHERE, Line, Said, Spot


class Tree:
    """Lines of YAML, one scalar a line; `spots` has the cell of each."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.spots: list[Spot] = []

    def key(
        self, level: int, name: str, spot: Spot, value: str = "", *, item: bool = False
    ) -> None:
        """`name: value`; `item` begins an item of a list. The value is written as YAML already."""
        start = "  " * level + ("- " if item else "")
        self.lines.append(f"{start}{quoted(name)}: {value}".rstrip())
        self.spots.append(spot)

    def text(self, level: int, name: str, said: Said, *, item: bool = False) -> None:
        """`name: "what the cell says"`."""
        self.key(level, name, said.spot, quoted(said.text), item=item)

    def item(self, level: int, said: Said) -> None:
        """`- "what the cell says"`."""
        self.lines.append(f"{'  ' * level}- {quoted(said.text)}")
        self.spots.append(said.spot)

    def words(self, level: int, name: str, line: Line, *, needed: bool = False) -> None:
        """`name: {en: …, es: …}` from the cells `name (en)` and `name (es)`."""
        said = {language: line.get(f"{name} ({language})", NOWHERE) for language in ("en", "es")}
        if not needed and not any(one.text for one in said.values()):
            return
        self.key(level, name, said["en"].spot)
        for language, one in said.items():
            if one.text or (needed and language == "en"):
                self.text(level + 1, language, one)

    def whole(self) -> str:
        return "\n".join(self.lines) + "\n"


def quoted(text: str) -> str:
    """A text in double quotes, with the escapes of YAML."""
    return "".join(
        char if char.isprintable() else f"\\U{ord(char):08X}"
        for char in json.dumps(text, ensure_ascii=False)
    )
