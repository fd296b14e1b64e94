"""Many open boards in one process; prints when each was told of each incident."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from typing import Any

CHANGE = re.compile(rb"event: change\ndata: (.*)\n\n")


class Board(asyncio.Protocol):
    """Notes what arrived and when; it is read after the measurement, so that noting is quick."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.pieces: list[tuple[int, bytes]] = []
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.pieces.append((time.monotonic_ns(), data))
        if not self.opened.done() and b"event: snapshot" in data:
            self.opened.set_result(None)

    def arrivals(self) -> dict[str, int]:
        """When each incident was first told; a message counts when its end was there."""
        told: dict[str, int] = {}
        text = b""
        for at, piece in self.pieces:
            text += without_chunk_sizes(piece)
            for message in CHANGE.finditer(text):
                for incident in json.loads(message.group(1))["incidents"]:
                    told.setdefault(incident["id"], at)
            text = text[text.rfind(b"\n\n") + 2 :] if b"\n\n" in text else text
        return told


def without_chunk_sizes(piece: bytes) -> bytes:
    """The body of HTTP/1.1 chunks; JSON in one line holds no line end of its own."""
    return re.sub(rb"(?:^|\r\n)[0-9a-f]+\r\n|\r\n$", b"", piece)


async def main(port: int, session: str, boards: int) -> None:
    loop = asyncio.get_running_loop()
    request = (
        f"GET /live/board HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={session}\r\n\r\n"
    ).encode()
    opened = []
    for _ in range(boards):
        _transport, board = await loop.create_connection(lambda: Board(request), "127.0.0.1", port)
        opened.append(board)
        await asyncio.wait_for(board.opened, 30)
    print("ready", flush=True)
    over = asyncio.Event()
    loop.add_reader(sys.stdin, over.set)  # its end is readable
    await over.wait()
    arrived: dict[str, list[int]] = defaultdict(list)
    for board in opened:
        for incident, at in board.arrivals().items():
            arrived[incident].append(at)
    print(json.dumps(arrived))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
