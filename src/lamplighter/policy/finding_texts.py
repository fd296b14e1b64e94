"""The words of what a check finds, by code; `{…}` is filled in."""

FINDING_TEXTS: dict[str, dict[str, str]] = {
    "and": {"en": "{one} and {other}", "es": "{one} y {other}"},
    "above-it": {"en": "above it", "es": "más arriba"},
    "ahead-of-it": {"en": "ahead of it", "es": "con preferencia"},
    # The facts of a call
    "facts": {"en": "{known}", "es": "{known}"},
    "facts.only": {
        "en": "{known} and nothing else known",
        "es": "{known} y nada más que se sepa",
    },
    "facts.none": {"en": "no known fact", "es": "ningún dato que se sepa"},
    "facts.any": {"en": "any facts", "es": "cualquier dato"},
    # Findings
    "found.gap": {
        "en": "table {table} has no rule for a call with {call}; add a rule that covers it",
        "es": "la tabla {table} no tiene regla para una llamada con {call}; agregue una que la "
        "cubra",
    },
    "found.overlap": {
        "en": "table {table} is {hit}, but its rules {one} and {other} both match a call with "
        "{call}; narrow one of them",
        "es": "la tabla {table} es {hit}, pero a una llamada con {call} le aplican dos de sus "
        "reglas, {one} y {other}; limite una de las dos",
    },
    "found.disagree": {
        "en": "table {table} is {hit}, but its rules {one} and {other} disagree about a call with "
        "{call}; narrow one of them",
        "es": "la tabla {table} es {hit}, pero sus reglas {one} y {other} no dicen lo mismo de una "
        "llamada con {call}; limite una de las dos",
    },
    "found.overlap-more": {
        "en": "table {table} has more rules that overlap than are listed; mend these first, or "
        "choose another hit policy",
        "es": "la tabla {table} tiene más reglas que aplican a la vez de las que se listan; "
        "arregle primero estas, o elija otra forma de decidir",
    },
    "found.dead": {
        "en": "rule {rule} of table {table} matches no call; mend or remove it",
        "es": "la regla {rule} de la tabla {table} no aplica a ninguna llamada; arréglela o "
        "quítela",
    },
    "found.shadowed": {
        "en": "rule {rule} of table {table} is never reached, because {others} {where} takes all "
        "its calls; move, mend or remove it",
        "es": "nunca se llega a la regla {rule} de la tabla {table}, porque {others}, {where}, se "
        "queda con todas sus llamadas; muévala, arréglela o quítela",
    },
    "found.shadowed-by-many": {
        "en": "rule {rule} of table {table} is never reached, because {others} {where} take all "
        "its calls; move, mend or remove it",
        "es": "nunca se llega a la regla {rule} de la tabla {table}, porque {others}, {where}, se "
        "quedan con todas sus llamadas; muévala, arréglela o quítela",
    },
    "found.unreached": {
        "en": "no call gets {name} {value} from table {table}; add a rule that gives it or remove "
        "the value",
        "es": "ninguna llamada recibe {name} {value} de la tabla {table}; agregue una regla que lo "
        "dé, o quite el valor",
    },
    "found.empty": {
        "en": "promise {name} promises nothing: whatever the call and the answer, what it says is "
        "never done; mend or remove it",
        "es": "la promesa {name} no promete nada: sean cuales sean la llamada y la respuesta, lo "
        "que dice nunca pasa; arréglela o quítela",
    },
    "found.idle": {
        "en": "no rule looks at the input {name}; remove it or use it",
        "es": "ninguna regla mira el dato {name}; quítelo o úselo",
    },
}
