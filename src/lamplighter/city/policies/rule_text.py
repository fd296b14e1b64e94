"""A rule as lines of the text, as the grid and the form of a table write it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal

from .yaml_text import as_key, as_value, quoted

# What stands in a cell that accepts everything.
ANYTHING = ("", "-")
LONGEST_CELL = 20_000


def written_rule(rule: Mapping[str, Any], pad: str) -> Iterator[str]:
    """A rule in the house's form, with the blank line that stands between rules."""
    yield f"{pad}- id: {quoted(_text(rule, 'id'))}"
    when = {
        name: cell for name, cell in _texts(rule, "when").items() if cell.strip() not in ANYTHING
    }
    if when:
        yield f"{pad}  when:"
        for name, cell in when.items():
            yield f"{pad}    {as_key(name)}: {quoted(cell.strip())}"
    else:
        yield f"{pad}  when: {{}}"
    then = ", ".join(
        f"{as_key(name)}: {as_value(value.strip())}"
        for name, value in _texts(rule, "then").items()
        if value.strip()
    )
    yield f"{pad}  then: {{{then}}}"
    yield f"{pad}  because:"
    yield f"{pad}    en: {quoted(_text(rule, 'en'))}"
    if _text(rule, "es"):
        yield f"{pad}    es: {quoted(_text(rule, 'es'))}"
    yield f"{pad}  source: {quoted(_text(rule, 'source'))}"
    yield ""


def _text(rule: Mapping[str, Any], name: str) -> str:
    value = rule.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_CELL:
        raise not_a_grid()
    return value


def _texts(rule: Mapping[str, Any], name: str) -> dict[str, str]:
    found = rule.get(name, {})
    if not isinstance(found, Mapping):
        raise not_a_grid()
    return {str(key): _text(found, key) for key in found}


def not_a_grid() -> Refusal:
    """What was sent has another form than the grid's."""
    return Refusal("not-a-grid", _("What was sent is not a table of rules: load the page again."))
