"""YAML as nearly everybody writes it, composed quickly.

libyaml (through PyYAML) splits a text into events many times as fast as ruamel.yaml does in Python,
but it follows YAML 1.1 and words its errors otherwise. So it is asked only where the two agree:
texts without anchors, tags, directives, second documents and rare line breaks. Whatever else stands
in a text, or makes libyaml stumble, is left to ruamel.yaml, which then says what it always said.
What comes out are ruamel.yaml's own nodes: nobody behind this sees a difference.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import VersionedResolver
from yaml.cyaml import CBaseLoader
from yaml.error import YAMLError as LibyamlError
from yaml.events import (
    CollectionEndEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

_UNUSUAL = re.compile("[\t\r\x85\u2028\u2029\ufeff\ud800-\udfff]")
_DEEPEST = 20  # deeper than anybody writes
_TEXT = "tag:yaml.org,2002:str"
_LIST = "tag:yaml.org,2002:seq"
_NAMES = "tag:yaml.org,2002:map"
# What an unquoted word is in YAML 1.2, by its first letter: a number, true, null …
_KINDS = VersionedResolver().versioned_resolver


class _NotPlain(Exception):
    """Here the two might not agree."""


def compose_plain(text: str) -> Node | None:
    """The tree of a plain text; None where it is not plain, no YAML, or empty.

    >>> compose_plain("when: {weapon: seen}\\n").value[0][0].value
    'when'
    >>> compose_plain("when: &anchor {weapon: seen}\\n") is None
    True
    """
    # Where the last thing ends is told otherwise if its line does not end.
    if not text.endswith("\n") or _UNUSUAL.search(text):
        return None
    try:
        return _compose(CBaseLoader(text))
    except (LibyamlError, _NotPlain):
        return None


def load(text: str) -> Any:
    """What a YAML text says, in Python's own kinds, by the rules of YAML 1.2.

    Raises `YAMLError`, also where ruamel.yaml fails with an error of Python: over a date that there
    is not, a letter of no number, or too many brackets.

    >>> load("open: yes\\ncalls: 12\\n")
    {'open': 'yes', 'calls': 12}
    """
    yaml = YAML(typ="safe", pure=True)
    node = compose_plain(text)
    try:
        return yaml.load(text) if node is None else yaml.constructor.construct_document(node)
    except (ValueError, OverflowError, RecursionError) as error:
        raise YAMLError(str(error)) from error


def _compose(parser: CBaseLoader) -> Node:
    top: list[Node] = []
    # The collections that are open, and how the children of each are gathered.
    opened: list[tuple[CollectionNode, list[Node]]] = []
    inside = top
    while not isinstance(event := parser.get_event(), StreamEndEvent):
        if isinstance(event, NodeEvent):
            node = _node(event)
            inside.append(node)
            if isinstance(node, CollectionNode):
                if len(opened) == _DEEPEST:
                    raise _NotPlain
                inside = []
                opened.append((node, inside))
        elif isinstance(event, CollectionEndEvent):
            node, children = opened.pop()
            named = isinstance(node, MappingNode)
            node.value = (
                list(zip(children[::2], children[1::2], strict=True)) if named else children
            )
            node.end_mark = event.end_mark
            inside = opened[-1][1] if opened else top
        elif isinstance(event, DocumentStartEvent):
            if event.version or event.tags:
                raise _NotPlain
        elif not isinstance(event, StreamStartEvent | DocumentEndEvent):
            raise _NotPlain
    # A text that is one block of words ends elsewhere for the two.
    if len(top) != 1 or not isinstance(top[0], CollectionNode):
        raise _NotPlain
    return top[0]


def _node(event: NodeEvent) -> Node:
    """The node that an event begins, a collection still without what stands in it."""
    if event.anchor is not None or getattr(event, "tag", None) is not None:
        raise _NotPlain
    start, end = event.start_mark, event.end_mark
    if isinstance(event, ScalarEvent):
        if not event.value and event.implicit[0]:
            raise _NotPlain  # where nothing stands is told otherwise
        tag = _kind(event.value) if event.implicit[0] else _TEXT
        return ScalarNode(tag, event.value, start, end, event.style or None)
    if isinstance(event, SequenceStartEvent):
        return SequenceNode(_LIST, [], start, end, event.flow_style)
    if isinstance(event, MappingStartEvent):
        return MappingNode(_NAMES, [], start, end, event.flow_style)
    raise _NotPlain  # an alias


def _kind(word: str) -> str:
    for tag, looks in _KINDS.get(word[:1], ()):
        if looks.match(word):
            return str(tag)
    return _TEXT
