"""Composed quickly, a text is what ruamel.yaml makes of it, or it is left to ruamel.yaml."""

import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from lamplighter import plain_yaml
from lamplighter.plain_yaml import compose_plain, load
from lamplighter.policy import PolicyError
from lamplighter.policy.yaml_tree import compose
from tests.policy.examples import SMALL

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(path for top in ("policies", "src") for path in (ROOT / top).rglob("*.yaml"))
LINES = SMALL.splitlines()
# What a hand slips into a text, and what the two versions of YAML read differently.
SLIPS = [
    *"'\":,[]{}#-?!%@`~=|>\\é😀 \n\t\r\x00\x85\u2028",
    *(
        ": ",
        ", ",
        " #",
        "- ",
        "? ",
        "&a ",
        "*a",
        "<<",
        "  ",
        "\n  ",
        "|\n",
        "> \n",
        "---\n",
        "...\n",
    ),
    *("yes", "null", "True", "0o17", "1_000", "1:30"),
]


def flat(node: Node) -> tuple[object, ...]:
    """All that there is in a tree, with its places."""
    marks = [(mark.line, mark.column, mark.index) for mark in (node.start_mark, node.end_mark)]
    seen = (type(node), node.tag, node.anchor, *marks)
    if isinstance(node, ScalarNode):
        return (*seen, node.style, node.value)
    named = isinstance(node, MappingNode)
    children = [part for entry in node.value for part in entry] if named else node.value
    return (*seen, node.flow_style, *map(flat, children))


def slowly(text: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except YAMLError:
        return None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_ships_is_plain_and_read_the_same(path):
    text = path.read_text(encoding="utf-8")
    quick, slow = compose_plain(text), slowly(text)
    assert quick is not None
    assert slow is not None
    assert flat(quick) == flat(slow)
    assert load(text) == YAML(typ="safe", pure=True).load(text)


@st.composite
def slipped(draw) -> str:
    """Some lines of a policy, with up to three slips of the hand."""
    first = draw(st.integers(0, len(LINES) - 1))
    part = LINES[first : first + draw(st.integers(1, 12))]
    indent = min(len(line) - len(line.lstrip()) for line in part)
    text = "\n".join(line[indent:] for line in part)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(SLIPS)) + text[at + draw(st.integers(0, 3)) :]
    return text + "\n"


@given(slipped())
def test_a_text_with_slips_is_read_the_same_or_left_alone(text):
    quick = compose_plain(text)
    if quick is not None:
        slow = slowly(text)
        assert slow is not None
        assert flat(quick) == flat(slow)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a: b",
        "a: &b c\nd: *b\n",
        "a: !!str 1\n",
        "%YAML 1.1\n---\na: yes\n",
        "a: 1\n---\nb: 2\n",
        "a:\n",
        "a: 'b\n",
        "a: b\tc\n",
        "a: b\x85c\n",
        "\ufeffa: b\n",
        "a: \ud800\n",
        "|\n# r\n\n",
        "|\n a\n...\n...\n\n",
        "a text\n",
        "[" * 60 + "]" * 60 + "\n",
    ],
)
def test_what_is_not_plain_is_left_alone(text):
    assert compose_plain(text) is None


def test_what_is_left_alone_is_read_all_the_same():
    assert flat(compose("a: !!str 1\n", "small.yaml")) == flat(slowly("a: !!str 1\n"))
    with pytest.raises(PolicyError, match="a colon stands where none can be"):
        compose("a: b\n c: d\n", "small.yaml")


@pytest.mark.parametrize(
    "text", ['a: "\\UFFFFFFFF"\n', 'a: "\\U00110000"\n', "a: 2026-13-45\n", "[" * 3000]
)
def test_what_fails_in_python_is_an_error_of_yaml(text):
    with pytest.raises(YAMLError):
        load(text)


def test_the_examples_are_true():
    assert doctest.testmod(plain_yaml).attempted == 3
    assert doctest.testmod(plain_yaml).failed == 0
