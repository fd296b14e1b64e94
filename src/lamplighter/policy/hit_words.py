"""How a table comes to its answer, in English and Spanish: its hit policy, for its readers."""

from __future__ import annotations

from typing import Final

from lamplighter.policy.model import Table, Words

# By what stands behind `hit` in a policy, in the order in which they are offered.
HIT_POLICIES: Final = {
    "first": Words(
        "Read from the top: the first rule that fits decides.",
        "Se lee desde arriba: decide la primera regla que aplica.",
    ),
    "unique": Words(
        "Exactly one rule fits each call.", "A cada llamada le aplica exactamente una regla."
    ),
    "any": Words(
        "Rules that fit the same call say the same.",
        "Las reglas que aplican a la misma llamada dicen lo mismo.",
    ),
    "priority": Words(
        "Of the rules that fit, the one whose answer stands first in the policy's list decides.",
        "De las reglas que aplican, decide la que da la respuesta que va primero en la lista.",
    ),
    "rule order": Words(
        "Every rule that fits counts; the answers are listed in the order of the rules.",
        "Cuenta cada regla que aplica; las respuestas van en el orden de las reglas.",
    ),
    "output order": Words(
        "Every rule that fits counts; the answers are listed in the policy's order of answers.",
        "Cuenta cada regla que aplica; las respuestas van en el orden en que están declaradas.",
    ),
    "collect": Words(
        "Every rule that fits counts; the answers are listed.",
        "Cuenta cada regla que aplica; se listan las respuestas.",
    ),
    "collect sum": Words(
        "Every rule that fits counts; the numbers are added up.",
        "Cuenta cada regla que aplica; los números se suman.",
    ),
    "collect min": Words(
        "Of the rules that fit, the smallest number counts.",
        "De las reglas que aplican, cuenta el número menor.",
    ),
    "collect max": Words(
        "Of the rules that fit, the largest number counts.",
        "De las reglas que aplican, cuenta el número mayor.",
    ),
    "collect count": Words(
        "The answer is how many rules fit.", "La respuesta es cuántas reglas aplican."
    ),
}


def how_it_decides(table: Table) -> Words:
    """The hit policy of a table as a sentence."""
    return HIT_POLICIES[f"{table.hit} {table.aggregate}" if table.aggregate else table.hit]
