"""The words of what is wrong with a policy or with a table as a whole, by code."""

TABLE_TEXTS: dict[str, dict[str, str]] = {
    "what.table": {"en": "table {name}", "es": "la tabla {name}"},
    "what.title": {"en": "title of table {name}", "es": "el título de la tabla {name}"},
    "what.name": {"en": "the policy's name", "es": "el nombre de la política"},
    "what.version": {"en": "the version", "es": "la versión"},
    "what.policy-title": {"en": "the title", "es": "el título"},
    "what.about": {"en": "about", "es": "lo que dice about"},
    "inputs.none": {
        "en": "the policy has no inputs; declare at least one",
        "es": "la política no tiene datos; declare al menos uno",
    },
    "tables.none": {
        "en": "the policy has no tables; write at least one",
        "es": "la política no tiene tablas; escriba al menos una",
    },
    "table.no-outputs": {
        "en": "table {table} has no outputs; declare one",
        "es": "la tabla {table} no da ninguna respuesta; declare una",
    },
    "table.no-rules": {
        "en": "table {table} has no rules; write one",
        "es": "la tabla {table} no tiene reglas; escriba una",
    },
    "table.too-fine": {
        "en": "the numbers that table {table} adds up are too large or too fine to be added "
        "exactly; keep their sum within 15 digits",
        "es": "los números que suma la tabla {table} son demasiado grandes o demasiado finos para "
        "sumarlos con exactitud; que su suma quepa en 15 cifras",
    },
    "column.a-list": {
        "en": "{name} is a list, because table {table} has hit: {hit}, and cannot be tested; "
        "add it up there (collect count) or test something else",
        "es": "{name} es una lista, porque la tabla {table} tiene hit: {hit}, y no se puede "
        "probar; haga de ella un número allí (collect count) o mire otra cosa",
    },
    "hit.unknown": {
        "en": "{hit} is not a hit policy; {hint}",
        "es": "{hit} no es una manera de decidir (hit); {hint}",
    },
    "hit.one-output": {
        "en": "hit: {hit} gives one number; keep one output in this table",
        "es": "hit: {hit} da un solo número; deje una sola respuesta en esta tabla",
    },
    "hit.needs-order": {
        "en": "hit: {hit} goes by the order of values, but {name} is a {kind}; make it a choice "
        "or use another hit policy",
        "es": "hit: {hit} va por el orden de los valores, pero {name} es: {kind}; haga de ella "
        "una elección entre valores o use otra manera de decidir",
    },
    "hit.needs-number": {
        "en": "hit: {hit} needs a number, but {name} is a {kind}; use collect or collect count",
        "es": "hit: {hit} necesita un número, pero {name} es: {kind}; use collect o collect count",
    },
    "proof.given-up": {
        "en": "the solver gave up ({why}), so nothing is proved",
        "es": "la comprobación se dio por vencida ({why}), así que nada queda demostrado",
    },
    "outcome.unknown": {
        "en": "outcome names {name}, which no table decides; {hint}",
        "es": "outcome nombra {name}, que no decide ninguna tabla; {hint}",
    },
    "outcome.twice": {
        "en": "outcome names {name} twice; remove one",
        "es": "outcome nombra {name} dos veces; quite una",
    },
    "outcome.empty": {
        "en": "outcome is empty; name the outputs that are the answer",
        "es": "outcome está vacío; nombre las respuestas que se dan al final",
    },
}
