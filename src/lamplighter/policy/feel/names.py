"""The names that an expression may use: FEEL names hold spaces, so the parser must know them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lamplighter.policy.feel.lexer import FeelSyntaxError, Token, tokens


@lru_cache(maxsize=10_000)
def _cut(name: str) -> tuple[str, ...]:
    try:
        return tuple(token.text for token in tokens(name)[:-1])
    except FeelSyntaxError:
        return (name,)


class Names:
    """Known names in layers; the longest one that fits the tokens wins."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._layers: list[dict[str, list[tuple[tuple[str, ...], str]]]] = [{}]
        self.add(known)

    def add(self, known: Iterable[str]) -> None:
        """Names from here to the end of the innermost layer."""
        layer = self._layers[-1]
        for name in known:
            parts = _cut(name)
            if parts:
                layer.setdefault(parts[0], []).append((parts, name))

    def enter(self, known: Iterable[str] = ()) -> None:
        self._layers.append({})
        self.add(known)

    def leave(self) -> None:
        self._layers.pop()

    def longest(self, found: list[Token], start: int) -> tuple[str, int] | None:
        """The longest known name that begins at token `start`, and the token after it."""
        best: tuple[str, int] | None = None
        first = found[start].text
        for layer in reversed(self._layers):
            for parts, name in layer.get(first, ()):
                end = start + len(parts)
                longer = best is None or end > best[1]
                if longer and tuple(t.text for t in found[start:end]) == parts:
                    best = (name, end)
        return best
