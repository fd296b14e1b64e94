"""What the page of a policy says around the policy's own words, in English and Spanish."""

from __future__ import annotations

from typing import Final

from lamplighter.policy.model import Words

KICKER: Final = Words("A policy, as it decides", "Una política, tal como decide")
SKIP: Final = Words("Skip to the policy", "Ir a la política")
LANGUAGE: Final = Words("Language", "Idioma")
VERSION: Final = Words("Version", "Versión")
RULES: Final = Words("Rules", "Reglas")
PROMISES: Final = Words("Promises", "Promesas")
HASH: Final = Words("Fingerprint of its content (SHA-256)", "Huella de su contenido (SHA-256)")
CONTENTS: Final = Words("On this page", "En esta página")
HOW: Final = Words("How to read it", "Cómo leerla")
HOW_TEXT: Final = (
    Words(
        "A call is answered by the tables below, one after the other. Each rule says when it fits, "
        "what it decides, why, and where that comes from.",
        "Una llamada se responde con las tablas de abajo, una tras otra. Cada regla dice cuándo "
        "aplica, qué decide, por qué y de dónde viene.",
    ),
    Words(
        "A rule fits when all of its conditions are met. Of the answers in one condition, any will "
        "do. What a rule does not mention does not matter to it.",
        "Una regla aplica cuando se cumplen todas sus condiciones. De las respuestas de una "
        "condición, basta una. Lo que una regla no menciona no le importa.",
    ),
    Words(
        "“Not known” means that somebody was asked and nobody knows. It fits only where a rule "
        "says so. The list of questions says what it is taken for.",
        "“No se sabe” quiere decir que se preguntó y nadie sabe. Solo aplica donde una regla lo "
        "dice. La lista de preguntas dice como qué se toma.",
    ),
    Words(
        "The fingerprint names this content and no other: every decision keeps the fingerprint of "
        "the policy that made it.",
        "La huella nombra este contenido y ningún otro: cada decisión guarda la huella de la "
        "política que la tomó.",
    ),
)
QUESTIONS: Final = Words("What is asked", "Qué se pregunta")
QUESTIONS_TEXT: Final = Words(
    "A question is asked only while its answer can still change what is decided. Questions about "
    "safety come before the others.",
    "Una pregunta se hace solo mientras su respuesta aún puede cambiar lo que se decide. Las "
    "preguntas de seguridad van antes que las demás.",
)
FACT: Final = Words("Fact", "Dato")
QUESTION: Final = Words("Question and answers", "Pregunta y respuestas")
IF_UNKNOWN: Final = Words("If nobody knows", "Si nadie sabe")
MUST_BE_KNOWN: Final = Words("It must be known", "Hay que saberlo")
TAKEN_FOR: Final = Words("Taken for: {}", "Se toma como: {}")
STAYS_UNKNOWN: Final = Words("It stays not known", "Queda sin saberse")
SAFETY: Final = Words("Safety: asked first", "Seguridad: se pregunta primero")
NOT_ASKED: Final = Words(
    "Not asked: it comes with the call.", "No se pregunta: viene con la llamada."
)
NUMBER_IN: Final = Words("A value in {}", "Un valor en {}")
ANY_VALUE: Final = Words("Any value", "Cualquier valor")
ANSWERS: Final = Words("{} answers", "{} respuestas")

RULE: Final = Words("Rule", "Regla")
WHEN: Final = Words("When all of this is so", "Cuando todo esto es así")
THEN: Final = Words("Then", "Entonces")
BECAUSE: Final = Words("Because", "Porque")
SOURCE: Final = Words("Source: {}", "Fuente: {}")
ANYTHING_BUT: Final = Words("anything but", "cualquiera menos")
OR: Final = Words("or", "o")
EVERY_CALL: Final = Words("Every call", "Todas las llamadas")
EVERY_OTHER: Final = Words("Every other call", "Las demás llamadas")

# What a folded list holds: one, or several.
COUNTED: Final = {
    "rules": (Words("{} rule", "{} regla"), Words("{} rules", "{} reglas")),
    "promises": (Words("{} promise", "{} promesa"), Words("{} promises", "{} promesas")),
    "questions": (Words("{} question", "{} pregunta"), Words("{} questions", "{} preguntas")),
}

PROMISES_TITLE: Final = Words("What it promises", "Qué promete")
PROMISES_TEXT: Final = Words(
    "Whatever the call is, these must hold.", "Sea cual sea la llamada, esto se debe cumplir."
)
# A shape and a word for what became of a promise.
STATUS: Final = {
    "proved": (
        "✓",
        Words("Proved for every possible call", "Demostrada para toda llamada posible"),
    ),
    "refuted": ("✗", Words("Not kept: a call breaks it", "No se cumple: una llamada la rompe")),
    "contradictory": (
        "✗",
        Words("It cannot be kept with the others", "No se puede cumplir junto con las demás"),
    ),
    "stated": ("○", Words("Stated; not proved here", "Declarada; no demostrada aquí")),
}
