"""The tree of a policy's text, and words of it as they are written."""

import json
import re
from functools import lru_cache
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.plain_yaml import compose_plain
from lamplighter.policy.yaml_tree import shallow_yaml

_BARE = re.compile(r"true|false|-?\d+(\.\d+)?")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Signs that no YAML may have.
_UNWRITABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Names that some reader of YAML takes for something other than a text.
_NOT_PLAIN = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])


@lru_cache(maxsize=8)
def tree_of(text: str) -> Node | None:
    """The tree of a YAML text; None where it has none, or one in which something stands twice.

    A policy has no aliases, and a few aliases of aliases would fill any memory.
    """
    try:
        root: Node | None = compose_plain(text) or shallow_yaml().compose(text)
    except (YAMLError, RecursionError):
        return None
    return root if root is None or _is_tree(root) else None


def _is_tree(root: Node) -> bool:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return False
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value
    return True


def entries(node: Node | None) -> dict[str, Node]:
    """What stands in a mapping, by key."""
    return {key: value for key, (_, value) in pairs(node).items()}


def pairs(node: Node | None) -> dict[str, tuple[Node, Node]]:
    """What stands in a mapping, by key: the key and the value, each with its place."""
    if not isinstance(node, MappingNode):
        return {}
    return {
        str(key.value): (key, value) for key, value in node.value if isinstance(key, ScalarNode)
    }


def items(node: Node | None) -> list[Node]:
    """What stands in a list."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def plain(node: Node | None) -> Any:
    """What a node says, in plain values; every word as it was typed."""
    if isinstance(node, MappingNode):
        return {name: plain(value) for name, value in entries(node).items()}
    if isinstance(node, SequenceNode):
        return [plain(value) for value in node.value]
    return str(node.value) if isinstance(node, ScalarNode) else None


def quoted(text: str) -> str:
    """A text on one line, in the quotes that need the fewest escapes."""
    text = " ".join(_UNWRITABLE.sub(" ", text).split())
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def as_key(name: str) -> str:
    """A name before its colon."""
    return name if NAME.fullmatch(name) and name.lower() not in _NOT_PLAIN else quoted(name)


def as_value(text: str) -> str:
    """What a rule gives: yes, no and numbers as they are, everything else in quotes."""
    return text if _BARE.fullmatch(text) else quoted(text)
