"""What a policy says and DMN has no place for: extension elements in a namespace of our own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lamplighter.policy.model import ChoiceValue, Words

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:lamplighter:policy:1"
# What XML 1.0 cannot hold, and the return that every reader of XML turns into a line end.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def visible(text: str) -> str:
    """The text as XML can hold it, for what other tools show."""
    return _NOT_XML.sub("\ufffd", text)


def put_text(parent: _Element, name: str, text: str) -> _Element:
    """Adds an element with a text, whatever characters that has."""
    from lxml import etree

    element = etree.SubElement(parent, tag(name))
    if _NOT_XML.search(text):
        element.set("form", "json")
        text = json.dumps(text)
    element.text = text
    return element


def put_words(parent: _Element, name: str, words: Words | None) -> None:
    """Adds an element with the words in each language; nothing where there are none."""
    from lxml import etree

    if words is None:
        return
    element = etree.SubElement(parent, tag(name))
    put_text(element, "en", words.en)
    if words.es:
        put_text(element, "es", words.es)


def put_values(parent: _Element, values: tuple[ChoiceValue, ...]) -> None:
    from lxml import etree

    for choice in values:
        element = etree.SubElement(parent, tag("value"))
        put_text(element, "name", choice.value)
        put_words(element, "label", choice.label)


def find(parent: _Element | None, name: str) -> _Element | None:
    return None if parent is None else parent.find(tag(name))


def text_of(parent: _Element | None, name: str) -> str | None:
    """The text of an element that was put; None where there is none."""
    element = find(parent, name)
    if element is None:
        return None
    text = element.text or ""
    if element.get("form") != "json":
        return text
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, str) else None


def words_of(parent: _Element | None, name: str) -> dict[str, str] | None:
    """Words as a policy file writes them; None where there are none."""
    element = find(parent, name)
    english = text_of(element, "en")
    if not english:
        return None
    spanish = text_of(element, "es")
    return {"en": english, "es": spanish} if spanish else {"en": english}


def values_of(parent: _Element | None) -> dict[str, object]:
    """The values of a choice with their labels, in order."""
    found: dict[str, object] = {}
    for element in () if parent is None else parent.iterfind(tag("value")):
        name = text_of(element, "name")
        if name is not None:
            found[name] = words_of(element, "label")
    return found
