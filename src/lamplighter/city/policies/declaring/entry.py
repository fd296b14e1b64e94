"""One declaration, promise or table as lines: only what a form changed is written anew."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ruamel.yaml.nodes import MappingNode, Node

from lamplighter.city.policies.rule_text import written_rule
from lamplighter.city.policies.yaml_text import as_key, as_value, pairs, quoted
from lamplighter.policy.declarations import spoken
from lamplighter.policy.parts import never_of

from .forms import Choice, Declared, Promised, Said, Tabled
from .lines import Block, Chunk, block_of

WIDTH = 100
# The order in which a field that is new finds its place among those that are there.
FIELDS = (
    *("type", "range", "integer", "label", "safety", "ask", "help", "always known"),
    *("values", "when unknown"),
)
PROMISE_FIELDS = ("id", "says", "source", "never")
TABLE_FIELDS = ("title", "hit", "outputs", "rules")
_LINES = ("number", "date", "duration", "period")


def declared_chunk(
    name: str,
    node: Node | None,
    key: Node | None,
    chunk: Chunk | None,
    lines: Sequence[str],
    column: int,
    old: Declared,
    new: Declared,
) -> Chunk:
    """The entry of an input or an output as the form says it; `chunk` is how it stands now."""
    block = block_of(node, lines) if isinstance(node, MappingNode) else None
    pad = " " * (column + 2 if block is None else block.column)
    values = pairs(node).get("values")
    fields = declared_fields(new, pad, values, lines)
    wanted = {
        field: written
        for field, written in fields.items()
        if chunk is None or _of(old, field) != _of(new, field)
    }
    if new.values and any(value.was and value.was != value.value for value in new.values):
        wanted["values"] = fields["values"]
    if chunk is not None and not wanted and name == old.name:
        return chunk
    kept = _chunks(node, block, lines, pad)
    inside = _arranged(kept, wanted, FIELDS)
    head = _head(name, key, chunk, block, lines, column)
    return Chunk(name, chunk.above if chunk else (), (*head, *_body(inside)))


def table_chunk(
    node: Node,
    key: Node,
    chunk: Chunk,
    lines: Sequence[str],
    column: int,
    old: Tabled,
    new: Tabled,
) -> Chunk:
    """The entry of a table under its name, title and hit policy; all else stays as it stands."""
    block = block_of(node, lines)
    pad = " " * (column + 2 if block is None else block.column)
    wanted = {}
    if old.title != new.title:
        wanted["title"] = words("title", new.title, pad)
    if old.hit != new.hit:
        wanted["hit"] = (f"{pad}hit: {new.hit}",)
    if not wanted and new.name == old.name:
        return chunk
    inside = _arranged(_chunks(node, block, lines, pad), wanted, TABLE_FIELDS)
    head = _head(new.name, key, chunk, block, lines, column)
    return Chunk(new.name, chunk.above, (*head, *_body(inside)))


def new_table_chunk(form: Tabled, rule: str, column: int) -> Chunk:
    """A table that gives nothing yet, with one rule of this name for every call."""
    pad = " " * (column + 2)
    inside = (
        f"{' ' * column}{as_key(form.name)}:",
        *(words("title", form.title, pad) or ()),
        f"{pad}hit: {form.hit}",
        f"{pad}outputs: {{}}",
        f"{pad}rules:",
        *written_rule({"id": rule}, pad + "  "),
    )
    return Chunk(form.name, ("",), inside[:-1])


def declared_fields(
    form: Declared, pad: str, values: tuple[Node, Node] | None, lines: Sequence[str]
) -> dict[str, tuple[str, ...] | None]:
    """The lines of each field; None for one that this declaration has not."""
    line = form.type in _LINES
    taken = form.taken if not form.known else ""
    return {
        "type": (f"{pad}type: {quoted_word(form.type)}",) if form.type else None,
        "range": (f"{pad}range: {quoted(form.range)}",) if line and form.range else None,
        "integer": (f"{pad}integer: true",) if form.type == "number" and form.integer else None,
        "label": words("label", form.label, pad),
        "safety": (f"{pad}safety: true",) if form.safety else None,
        "ask": words("ask", form.ask, pad),
        "help": words("help", form.help, pad),
        "always known": (f"{pad}always known: true",) if form.known else None,
        "values": _values(form.values, pad, values, lines) if form.type == "choice" else None,
        "when unknown": (f"{pad}when unknown: {as_value(taken)}",) if taken else None,
    }


def promise_chunk(
    node: Node | None,
    chunk: Chunk | None,
    lines: Sequence[str],
    column: int,
    old: Promised,
    new: Promised,
) -> Chunk:
    """The item of a promise as the form says it."""
    block = block_of(node, lines) if isinstance(node, MappingNode) else None
    dash, inner = " " * column, column + 2
    if block is not None:
        inner = block.column
    pad = " " * inner
    fields: dict[str, tuple[str, ...] | None] = {
        "id": (f"{pad}id: {as_key(new.name) if '-' not in new.name else quoted_word(new.name)}",),
        "says": words("says", new.says, pad) or (f'{pad}says: ""',),
        "source": (f"{pad}source: {quoted(new.source)}",) if new.source else None,
        "never": _never(new, pad),
    }
    was, now = _promise_of(old), _promise_of(new)
    wanted = {f: w for f, w in fields.items() if chunk is None or was[f] != now[f]}
    if chunk is not None and not wanted:
        return chunk
    kept = _chunks(node, block, lines, pad)
    if block is not None and kept:
        # The dash stands before whichever field comes first.
        first = kept[0].lines[0]
        kept[0] = replace(kept[0], lines=(pad + first[inner:], *kept[0].lines[1:]))
    body = _body(_arranged(kept, wanted, PROMISE_FIELDS))
    body[0] = f"{dash}-{' ' * (inner - column - 1)}{body[0][inner:]}"
    return Chunk("", chunk.above if chunk else ("",), tuple(body))


def words(field: str, said: Said, pad: str) -> tuple[str, ...] | None:
    """A text in both languages, on one line where it fits."""
    parts = [f"{name}: {quoted(text)}" for name, text in (("en", said.en), ("es", said.es)) if text]
    if not parts:
        return None
    line = f"{pad}{field}: {{{', '.join(parts)}}}"
    if len(line) <= WIDTH:
        return (line,)
    return (f"{pad}{field}:", *(f"{pad}  {part}" for part in parts))


def quoted_word(text: str) -> str:
    """A word with dashes as it is, anything else in quotes."""
    return text if as_key(text.replace("-", "_")) == text.replace("-", "_") else quoted(text)


def folded(field: str, text: str, pad: str) -> tuple[str, ...]:
    """A long text under its field, on lines that fit."""
    inner = pad + "  "
    found = textwrap.wrap(text, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
    return (f"{pad}{field}: >-", *(f"{inner}{line}" for line in found))


def _never(form: Promised, pad: str) -> tuple[str, ...]:
    never = form.never if form.parts is None else never_of(form.parts)
    return folded("never", never, pad) if never else (f'{pad}never: ""',)


def _promise_of(form: Promised) -> dict[str, object]:
    never = form.never if form.parts is None else form.parts
    return {"id": form.name, "says": form.says, "source": form.source, "never": never}


def _of(form: Declared, field: str) -> object:
    """What a form says of a field, as far as this type of declaration has it."""
    line = form.type in _LINES
    return {
        "type": form.type,
        "range": form.range if line else "",
        "integer": form.integer and form.type == "number",
        "label": form.label,
        "safety": form.safety,
        "ask": form.ask,
        "help": form.help,
        "always known": form.known,
        "values": [(v.value, v.label) for v in form.values] if form.type == "choice" else [],
        "when unknown": "" if form.known else form.taken,
    }[field]


def _head(
    name: str,
    key: Node | None,
    chunk: Chunk | None,
    block: Block | None,
    lines: Sequence[str],
    column: int,
) -> list[str]:
    """The line of a name, with what stands behind it and above the first field."""
    pad = " " * column
    if block is None or chunk is None or key is None:
        return [f"{pad}{as_key(name)}:"]
    first, *more = lines[key.start_mark.line : block.start]
    return [f"{pad}{as_key(name)}{first[key.end_mark.column :]}", *more]


def _body(inside: Sequence[Chunk]) -> list[str]:
    return [line for one in inside for line in (*one.above, *one.lines)]


def _values(
    values: Sequence[Choice], pad: str, was: tuple[Node, Node] | None, lines: Sequence[str]
) -> tuple[str, ...]:
    """The values in their order; those that nobody touched keep their lines and remarks."""
    node = was[1] if was else None
    block = block_of(node, lines) if isinstance(node, MappingNode) else None
    head = [f"{pad}values:"]
    if was is not None and block is not None:
        head = list(lines[was[0].start_mark.line : block.start])
    inner = pad + "  " if block is None else " " * block.column
    stood = {chunk.key: chunk for chunk in block.chunks} if block else {}
    labels = {name: Choice(name, _said_of(found), name) for name, (_, found) in pairs(node).items()}
    out = head
    for value in values:
        chunk = stood.get(value.was)
        out += chunk.above if chunk else ()
        if chunk is not None and labels[value.was] == value:
            out += chunk.lines
            continue
        label = value.label if value.label.en else replace(value.label, en=spoken(value.value).en)
        out += words(as_key(value.value), label, inner) or ()
    return tuple(out)


def _said_of(node: Node) -> Said:
    found = {name: str(value.value) for name, (_, value) in pairs(node).items()}
    return Said(found.get("en", ""), found.get("es", "")) if found else Said(str(node.value))


def _chunks(node: Node | None, block: Block | None, lines: Sequence[str], pad: str) -> list[Chunk]:
    """The fields that stand there; those in braces each on a line of its own."""
    if block is not None:
        return list(block.chunks)
    text = "\n".join(lines)
    return [
        Chunk(name, (), (f"{pad}{as_key(name)}: {_slice(text, value)}",))
        for name, (_, value) in pairs(node).items()
    ]


def _slice(text: str, node: Node) -> str:
    return " ".join(text[node.start_mark.index : node.end_mark.index].split())


def _arranged(
    kept: Sequence[Chunk],
    wanted: Mapping[str, tuple[str, ...] | None],
    order: Sequence[str],
) -> list[Chunk]:
    """The fields with what is wanted in place of what stood there; new ones in the usual order."""
    found = list(kept)
    for field in order:
        if field not in wanted:
            continue
        lines = wanted[field]
        at = next((n for n, one in enumerate(found) if one.key == field), None)
        if lines is None:
            found = [one for one in found if one.key != field]
        elif at is not None:
            found[at] = replace(found[at], lines=lines)
        else:
            before = order[: order.index(field)]
            after = [n + 1 for n, one in enumerate(found) if one.key in before]
            found.insert(max(after, default=0), Chunk(field, (), lines))
    return found
