"""Make a picture of a page small: its 256 most frequent colors, in a palette.

A page has few colors; the thousands of others are the soft edges of letters, and each of those
takes the nearest color that is kept.
"""

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

COLORS = 256
_PIXELS = """async (picture) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const pixels = drawing.getImageData(0, 0, image.width, image.height).data;
  let text = '';
  for (let at = 0; at < pixels.length; at += 32768)
    text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
}"""


def small_png(blank: Page, png: bytes) -> bytes:
    """The same picture with 256 colors; `blank` is a page of a browser, which reads the picture."""
    width, height, pixels = blank.evaluate(_PIXELS, base64.b64encode(png).decode())
    rgb = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3]
    codes = rgb.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    colors, index, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts)[:COLORS]
    parts = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1).astype(np.int64)
    nearest = np.array([((parts[kept] - one) ** 2).sum(axis=1).argmin() for one in parts])
    rows = nearest[index].astype(np.uint8).reshape(height, width)
    return _write(width, height, parts[kept].astype(np.uint8).tobytes(), rows)


def _write(width: int, height: int, palette: bytes, rows: np.ndarray) -> bytes:
    # Each row begins with its filter; none suits a palette best.
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )
