"""A form's change written into the text of a draft: kept, moved, or taken out."""

import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from django.utils.translation import gettext as _
from ruamel.yaml.nodes import Node

from lamplighter.city.policies.yaml_text import NAME, entries, items, pairs, plain, tree_of
from lamplighter.city.refusal import Refusal
from lamplighter.policy.hit_words import HIT_POLICIES

from .entry import declared_chunk, new_table_chunk, promise_chunk, table_chunk
from .forms import (
    Change,
    Declared,
    Promised,
    Said,
    Tabled,
    read_declared,
    read_promised,
    read_tabled,
)
from .lines import Block, Chunk, block_of, dropped, last_line, moved, written
from .uses import (
    fresh_rule,
    outcome_of,
    renamed,
    with_answer,
    with_outcome,
    without,
    without_column,
)

_PROMISE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ -]*")
_RESERVED = ("and", "or", "not", "in", "contains", "actual", "asked", "true", "false", "unknown")
_RESERVED_ALSO = ("null", "date", "duration")


def changed(text: str, change: Change) -> str:
    """The text after a change. Raises Refusal, with the field, where the form cannot be written.

    What the library would say of the result is for its check to say: a draft may be wrong while
    it is written. But it stays YAML: what is laid out as no form foresees is refused.
    """
    found = _changed(text, change)
    if tree_of(found) is None:
        raise _not_here()
    return found


def _changed(text: str, change: Change) -> str:
    if change.kind == "promise":
        return _promise_changed(text, change)
    if change.kind == "table":
        return _table_changed(text, change)
    return _declaration_changed(text, change)


def _declaration_changed(text: str, change: Change) -> str:
    table = change.table if change.kind == "output" else ""
    if change.do == "remove":
        return _edited(without(text, change.was, table), change, dropped)
    if change.do == "move":
        return _edited(text, change, lambda chunks, at: moved(chunks, at, change.by))
    form = change.form
    assert isinstance(form, Declared)
    text = _declaration_kept(text, change, form, table)
    return _outcome_kept(text, form) if table else text


def _declaration_kept(text: str, change: Change, form: Declared, table: str) -> str:
    _refuse_name(form.name, change.was, declared_names(tree_of(text)))
    _refuse_reserved(form.name)
    _refuse_values(form)
    values = {one.was: one.value for one in form.values if one.was and one.was != one.value}
    if change.was and (form.name != change.was or values):
        text = renamed(text, change.was, form.name, values, table)
    if not change.was and table and form.first:
        text = with_answer(text, table, form.name, form.first)
    found = _place(tree_of(text), change)
    lines = text.split("\n")
    if not change.was and not entries(found[1]):
        return _with_the_first(lines, found, form)
    block = _block(found[1], lines)
    key, node = pairs(found[1]).get(change.was, (None, None))
    at = _at(block, change.was)
    old = read_declared(change.was, plain(node)) if node is not None else Declared("", Said(), "")
    chunk = declared_chunk(
        form.name,
        node,
        key,
        block.chunks[at] if at is not None else None,
        lines,
        block.column,
        old,
        form,
    )
    return written(lines, block, _with(block.chunks, at, chunk))


def _outcome_kept(text: str, form: Declared) -> str:
    """The text with this answer in its outcome, or out of it."""
    names = outcome_of(tree_of(text))
    if (form.name in names) == form.outcome:
        return text
    if form.outcome:
        return with_outcome(text, [*names, form.name])
    if len(names) == 1:
        raise Refusal(
            "no-outcome",
            _("This is all that the policy answers: make another answer part of it first."),
            field="outcome",
        )
    return with_outcome(text, [name for name in names if name != form.name])


def _with_the_first(lines: list[str], place: tuple[Node, Node], form: Declared) -> str:
    """The lines with the first declaration where none stood: `outputs: {}`."""
    key, node = place
    column, at = int(key.start_mark.column), int(key.start_mark.line)
    if lines[at][:column].strip():
        raise _not_here()
    nothing = Declared("", Said(), "")
    chunk = declared_chunk(form.name, None, None, None, lines, column + 2, nothing, form)
    head = f"{lines[at][: key.end_mark.column]}:"
    return "\n".join([*lines[:at], head, *chunk.lines, *lines[last_line(node, lines) + 1 :]])


def _table_changed(text: str, change: Change) -> str:
    if change.do == "remove":
        table = entries(entries(tree_of(text)).get("tables")).get(change.was)
        text = _edited(text, change, dropped)
        for name in entries(entries(table).get("outputs")):
            text = without(text, name, change.was)
        return text
    if change.do == "move":
        return _edited(text, change, lambda chunks, at: moved(chunks, at, change.by))
    form = change.form
    assert isinstance(form, Tabled)
    _refuse_name(form.name, change.was, set(entries(entries(tree_of(text)).get("tables"))))
    for name in form.leaves:
        text = without_column(text, change.was, name)
    _key, tables = _place(tree_of(text), change)
    lines = text.split("\n")
    block = _block(tables, lines)
    at = _at(block, change.was)
    if at is None:
        _refuse_hit(form.hit)
        chunk = new_table_chunk(form, fresh_rule(text), block.column)
        return written(lines, block, _with(block.chunks, None, chunk))
    key, node = pairs(tables)[change.was]
    said = {name: plain(one) for name, one in entries(node).items() if name != "rules"}
    old = read_tabled(change.was, said)
    if form.hit != old.hit:
        _refuse_hit(form.hit)
    chunk = table_chunk(node, key, block.chunks[at], lines, block.column, old, form)
    return written(lines, block, _with(block.chunks, at, chunk))


def _promise_changed(text: str, change: Change) -> str:
    if change.do == "remove":
        return _edited(text, change, dropped)
    if change.do == "move":
        return _edited(text, change, lambda chunks, at: moved(chunks, at, change.by))
    form = change.form
    assert isinstance(form, Promised)
    _refuse_promise(form, change.was, tree_of(text))
    text = _with_promises(text)
    lines = text.split("\n")
    node = entries(tree_of(text)).get("promises")
    if not items(node):
        # The list is empty: the first promise begins it.
        chunk = promise_chunk(None, None, lines, 2, Promised("", Said(), "", ""), form)
        at = node.start_mark.line if node is not None else 0
        return "\n".join([*lines[:at], "promises:", *chunk.lines, *lines[at + 1 :]])
    block = _block(node, lines)
    place = _promise_at(node, change.was)
    one = items(node)[place] if place is not None else None
    chunk = promise_chunk(
        one,
        block.chunks[place] if place is not None else None,
        lines,
        block.column,
        read_promised(plain(one)),
        form,
    )
    return written(lines, block, _with(block.chunks, place, chunk))


def _edited(
    text: str, change: Change, edit: Callable[[Sequence[Chunk], int], Sequence[Chunk]]
) -> str:
    """The text with the entries of one block moved or dropped."""
    head, node = _place(tree_of(text), change)
    lines = text.split("\n")
    block = _block(node, lines)
    at = _promise_at(node, change.was) if change.kind == "promise" else _at(block, change.was)
    if at is None:
        _gone()
    chunks = edit(block.chunks, at)
    if chunks:
        return written(lines, block, chunks)
    if change.kind != "promise":
        raise Refusal(
            "the-last-one",
            _("This is the last one, and a policy needs one: add another first."),
            field="name",
        )
    line = head.start_mark.line
    return "\n".join([*lines[:line], "promises: []", *lines[block.end :]])


def _with(chunks: Sequence[Chunk], at: int | None, chunk: Chunk) -> list[Chunk]:
    if at is None:
        return [*chunks, chunk]
    return [*chunks[:at], chunk, *chunks[at + 1 :]]


def _place(root: Node | None, change: Change) -> tuple[Node, Node]:
    """The key and the mapping or list in which a declaration stands."""
    if change.kind in ("input", "table"):
        found = pairs(root).get(f"{change.kind}s")
    elif change.kind == "output":
        found = pairs(entries(entries(root).get("tables")).get(change.table)).get("outputs")
    else:
        found = pairs(root).get("promises")
    if found is None:
        _gone()
    return found


def _block(node: Node | None, lines: Sequence[str]) -> Block:
    block = block_of(node, lines)
    if block is None:
        raise _not_here()
    return block


def _at(block: Block, name: str) -> int | None:
    if not name:
        return None
    found = next((n for n, one in enumerate(block.chunks) if one.key == name), None)
    if found is None:
        _gone()
    return found


def _promise_at(node: Node | None, name: str) -> int | None:
    if not name:
        return None
    ids = [plain(entries(one).get("id")) for one in items(node)]
    if name not in ids:
        _gone()
    return ids.index(name)


def _with_promises(text: str) -> str:
    """The text with a list of promises, be it an empty one."""
    root = tree_of(text)
    if "promises" in entries(root):
        return text
    return text.rstrip("\n") + "\n\npromises: []\n"


def _refuse_name(name: str, was: str, taken: set[str]) -> None:
    if (name != was or not name) and not NAME.fullmatch(name):
        raise Refusal(
            "not-a-name",
            _("Write a name in letters, digits and underscores, beginning with a letter."),
            field="name",
        )
    if name != was and name in taken:
        raise Refusal(
            "a-name-taken", _("This name is taken: choose another."), field="name", status=409
        )


def _refuse_reserved(name: str) -> None:
    if name in _RESERVED or name in _RESERVED_ALSO:
        raise Refusal(
            "a-reserved-name",
            _("This word has a meaning of its own in cells and promises: choose another."),
            field="name",
        )


def _refuse_hit(hit: str) -> None:
    if hit not in HIT_POLICIES:
        raise Refusal("no-hit", _("Choose which of the rules that fit a call decide."), field="hit")


def _refuse_promise(form: Promised, was: str, root: Node | None) -> None:
    taken = [plain(entries(one).get("id")) for one in items(entries(root).get("promises"))]
    if not _PROMISE.fullmatch(form.name):
        raise Refusal("not-a-name", _("Write a name in letters, digits and dashes."), field="name")
    if form.name != was and form.name in taken:
        raise Refusal(
            "a-name-taken", _("This name is taken: choose another."), field="name", status=409
        )
    if not form.says.en:
        raise Refusal(
            "no-words", _("Say in English what is promised: residents read it."), field="says.en"
        )
    wanting = form.parts is not None and any(
        (part.sense != "asked" and not part.values) or not part.name for part in form.parts
    )
    if wanting:
        raise Refusal(
            "no-value", _("Choose a fact and at least one value in each line."), field="parts"
        )
    if not (form.parts or form.never):
        raise Refusal("no-parts", _("Say what must never happen."), field="parts")


def _refuse_values(form: Declared) -> None:
    if form.type != "choice":
        return
    seen: set[str] = set()
    for number, one in enumerate(form.values):
        if not one.value or one.value in seen:
            sentence = (
                _("This value is there already: choose another name, or take one out.")
                if one.value
                else _("Give the value a name, or take it out.")
            )
            raise Refusal("not-a-value", sentence, field=f"values.{number}")
        seen.add(one.value)
    if not form.values:
        raise Refusal("no-values", _("List at least one value."), field="values")


def declared_names(root: Node | None) -> set[str]:
    """The names of all inputs and outputs."""
    found = set(entries(entries(root).get("inputs")))
    for table in entries(entries(root).get("tables")).values():
        found |= set(entries(entries(table).get("outputs")))
    return found


def _not_here() -> Refusal:
    return Refusal(
        "no-block",
        _("These stand on one line, in braces: change them as text."),
        field="name",
        status=409,
    )


def _gone() -> NoReturn:
    raise Refusal(
        "not-there", _("It is not there any more: load the page again."), field="name", status=409
    )
