"""A small policy, and what somebody does to what it declares in the forms."""

import json

from lamplighter.city.policies.declaring.changing import changed
from lamplighter.city.policies.declaring.forms import read_change
from lamplighter.city.policies.declaring.places import declared_in

SMALL = """\
# Who looks after the lamps.
policy: lamps
version: "1"

inputs:
  # Asked first.
  dark:
    type: boolean  # as seen from the street
    label: {en: "Dark", es: "Oscuro"}
  lamp:
    values:
      out: {en: "Out", es: "Apagada"}
      # broken glass counts
      broken: {en: "Broken", es: "Rota"}
    when unknown: out   # in doubt, somebody looks
  age: {type: number, range: "[0..100]"}

tables:
  care:
    hit: first
    outputs:
      who: [mender, nobody]
    rules:
      - id: mend
        when:
          dark: "true"
          lamp: '"broken", "out"'  # either
        then: {who: mender}
        because: "It is dark."
        source: "Habit"

      # the rest
      - id: rest
        when: {age: "< 5"}
        then:
          who: nobody
        because: "It is new."
        source: "Habit"

      - id: other
        when: {}
        then: {who: nobody}
        because: "It is light."
        source: "Habit"

promises:
  # The first of all.
  - id: broken-is-mended
    says: {en: "A broken lamp in the dark is mended.", es: "Una lámpara rota se arregla."}
    source: "Habit"
    never: >-
      dark = true and lamp = "broken" and who = "nobody"
  - id: nobody-for-nothing
    says: "Nobody goes for nothing."
    never: (dark or lamp = "out") and who = "nobody"
"""


def of(text, kind, name, table=""):
    """The form of a declaration, as a page has it."""
    found = declared_in(text)[f"{kind}s"]
    return json.loads(json.dumps(next(one for one in found if one["name"] == name)))


def keep(text, kind, was, table="", **fields):
    """The text after somebody changed these fields of a form and kept it."""
    form = of(text, kind, was) if was else {}
    sent = {"do": "keep", "kind": kind, "was": was, "table": table, "form": form | fields}
    return changed(text, read_change(sent))


def do(text, what, kind, was, table="", by=0):
    sent = {"do": what, "kind": kind, "was": was, "table": table, "by": by}
    return changed(text, read_change(sent))


def lines_changed(old, new):
    """The lines that are not in the other text: gone, and new."""
    before, after = old.splitlines(), new.splitlines()
    return [x for x in before if x not in after], [x for x in after if x not in before]


def every(text):
    """Each declaration of a text: kind, name, table."""
    found = declared_in(text)
    for kind in ("table", "input", "output", "promise"):
        for one in found[f"{kind}s"]:
            yield kind, one["name"], one.get("table", "")
