"""One open stream: what waits to be sent to it, never more than a little."""

import asyncio
from collections import deque
from collections.abc import Callable

from .door import Visitor

# Messages that may wait for a slow reader; then they are dropped for one fresh snapshot.
LONGEST_QUEUE = 64


class Stream:
    """A reader of the board, or a crew. Messages are pushed in, and taken out as one piece."""

    def __init__(self, kind: str, visitor: Visitor, catch_up: Callable[[], bytes]) -> None:
        self.kind = kind
        self.visitor = visitor
        self.ended = False
        self._catch_up = catch_up
        self._behind = True  # nothing was sent yet: it starts with a snapshot
        self._waiting: deque[bytes] = deque()
        self._something = asyncio.Event()
        self._something.set()

    def push(self, message: bytes) -> None:
        """Hand in a message that all streams of this kind get; it is not copied."""
        if self.ended:
            return
        if not self._behind:
            self._waiting.append(message)
        if len(self._waiting) > LONGEST_QUEUE:
            self.fall_behind()
        self._something.set()

    def fall_behind(self) -> None:
        """Forget what waits: a fresh snapshot says the same in bounded room."""
        self._waiting.clear()
        self._behind = True
        self._something.set()

    def end(self, last_words: bytes = b"") -> None:
        """Send nothing more, except these last words."""
        if not self.ended:
            self.ended = True
            self._behind = False
            self._waiting.clear()
            if last_words:
                self._waiting.append(last_words)
            self._something.set()

    async def take(self) -> bytes:
        """All that waits, as soon as something does; empty when the stream has ended."""
        if not self.ended:
            await self._something.wait()
        self._something.clear()
        if self._behind:
            self._behind = False
            return self._catch_up()
        piece = b"".join(self._waiting)
        self._waiting.clear()
        return piece
