"""The lines of a block of YAML, entry by entry, each with the remarks above it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True)
class Chunk:
    """One entry: its key (empty for an item of a list), the remarks above it, its own lines."""

    key: str
    above: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """The entries of a mapping or a list, from line `start` to before line `end` (from 0)."""

    start: int
    end: int
    column: int
    chunks: tuple[Chunk, ...]


def block_of(node: Node | None, lines: Sequence[str]) -> Block | None:
    """The block of a mapping or list; None where it has none: in braces, or two on one line."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return None
    chunks: list[Chunk] = []
    first = at = _start(node.value[0])
    for entry in node.value:
        start, end = _start(entry), _last(entry, lines) + 1
        if start < at:
            return None
        name = str(entry[0].value) if isinstance(entry, tuple) else ""
        chunks.append(Chunk(name, tuple(lines[at:start]), tuple(lines[start:end])))
        at = end
    return Block(first, at, node.start_mark.column, tuple(chunks))


def written(lines: Sequence[str], block: Block, chunks: Sequence[Chunk]) -> str:
    """The text with these chunks in the place of the block's."""
    inner = [line for chunk in chunks for line in (*chunk.above, *chunk.lines)]
    return "\n".join([*lines[: block.start], *inner, *lines[block.end :]])


def moved(chunks: Sequence[Chunk], at: int, by: int) -> list[Chunk]:
    """The chunks with one in its neighbour's place; blank lines stay, remarks go along."""
    found = list(chunks)
    to = at + by
    if not 0 <= to < len(found):
        return found
    first, second = found[at], found[to]
    (blank, remarks), (other_blank, other_remarks) = _parted(first.above), _parted(second.above)
    found[at] = replace(second, above=(*blank, *other_remarks))
    found[to] = replace(first, above=(*other_blank, *remarks))
    return found


def dropped(chunks: Sequence[Chunk], at: int) -> list[Chunk]:
    """The chunks without one; remarks above it and above the next stay where they stand."""
    found = list(chunks)
    gone = found.pop(at)
    if at < len(found):
        (blank, remarks), (next_blank, next_remarks) = _parted(gone.above), _parted(found[at].above)
        between = next_blank if remarks or (at and not blank) else ()
        found[at] = replace(found[at], above=(*blank, *remarks, *between, *next_remarks))
    return found


def _parted(above: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The blank lines at the top, and the remarks below them."""
    blank = next((n for n, line in enumerate(above) if line.strip()), len(above))
    return above[:blank], above[blank:]


def last_line(node: Node, lines: Sequence[str]) -> int:
    """The last line on which something of a node stands (from 0)."""
    if isinstance(node, MappingNode | SequenceNode):
        if not node.flow_style and node.value:
            return _last(node.value[-1], lines)
        return int(node.end_mark.line)
    assert isinstance(node, ScalarNode)
    start, end = int(node.start_mark.line), min(int(node.end_mark.line), len(lines) - 1)
    if node.style not in ("|", ">"):
        return end
    inside = next((line for line in lines[start + 1 : end + 1] if line.strip()), "")
    indent = len(inside) - len(inside.lstrip())
    while end > start and (not lines[end].strip() or _indent(lines[end]) < indent):
        end -= 1
    return end


def _start(entry: Node | tuple[Node, Node]) -> int:
    return int((entry[0] if isinstance(entry, tuple) else entry).start_mark.line)


def _last(entry: Node | tuple[Node, Node], lines: Sequence[str]) -> int:
    if isinstance(entry, tuple):
        return max(int(entry[0].end_mark.line), last_line(entry[1], lines))
    return last_line(entry, lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
