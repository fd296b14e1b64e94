"""The words of what a reader of policies says is wrong, by code; `{…}` is filled in."""

from lamplighter.policy.finding_texts import FINDING_TEXTS
from lamplighter.policy.sheet_texts import SHEET_TEXTS
from lamplighter.policy.table_texts import TABLE_TEXTS
from lamplighter.policy.yaml_texts import YAML_TEXTS

TEXTS: dict[str, dict[str, str]] = {
    **YAML_TEXTS,
    **FINDING_TEXTS,
    **TABLE_TEXTS,
    **SHEET_TEXTS,
    # Parts of sentences
    "or": {"en": "{one} or {other}", "es": "{one} o {other}"},
    "a-value": {"en": "a value", "es": "un valor"},
    "did-you-mean": {"en": "did you mean {word}?", "es": "¿quiso decir {word}?"},
    "there-are-none": {"en": "there are none", "es": "no hay ninguno"},
    "use-one-of": {"en": "use one of {words}", "es": "use uno de {words}"},
    "use-one-of-many": {
        "en": "use one of {words}, … ({number} in all)",
        "es": "use uno de {words}, … ({number} en total)",
    },
    "kind.choice": {"en": "choice", "es": "elección"},
    "kind.boolean": {"en": "boolean", "es": "sí o no"},
    "kind.number": {"en": "number", "es": "número"},
    "kind.date": {"en": "date", "es": "fecha"},
    "kind.duration": {"en": "duration", "es": "duración"},
    "kind.period": {"en": "period", "es": "período"},
    "domain.boolean": {"en": "true or false", "es": "true o false"},
    "domain.choice": {"en": "one of {values}", "es": "uno de {values}"},
    "domain.moment": {
        "en": "a {kind} such as {example} in {range}",
        "es": "{kind}, como {example}, en {range}",
    },
    "domain.any-moment": {
        "en": "a {kind} such as {example}",
        "es": "{kind}, como {example}",
    },
    "domain.any-number": {"en": "a number", "es": "un número"},
    "domain.any-whole": {"en": "a whole number", "es": "un número entero"},
    "domain.whole": {"en": "a whole number in {range}", "es": "un número entero en {range}"},
    "domain.number": {"en": "a number in {range}", "es": "un número en {range}"},
    "what.input": {"en": "input {name}", "es": "el dato {name}"},
    "what.output": {"en": "output {name}", "es": "la respuesta {name}"},
    "what.values": {"en": "values of {name}", "es": "los valores de {name}"},
    "what.label": {"en": "label of {name}", "es": "el texto de {name}"},
    "what.value-label": {"en": "the label of {name}", "es": "el texto de {name}"},
    "what.ask": {"en": "question of {name}", "es": "la pregunta de {name}"},
    "what.help": {"en": "help of {name}", "es": "la ayuda de {name}"},
    "what.range": {"en": "range of {name}", "es": "el rango de {name}"},
    "what.english": {"en": "{what} in English", "es": "{what} en inglés"},
    "what.spanish": {"en": "{what} in Spanish", "es": "{what} en español"},
    "what.rule": {"en": "the rule", "es": "la regla"},
    "what.rule-id": {"en": "the rule's id", "es": "el nombre de la regla"},
    "what.because": {"en": "because", "es": "la razón"},
    "what.source": {"en": "source", "es": "la fuente"},
    # Cells
    "cell.empty": {
        "en": 'the cell is empty; write "-" where every value will do',
        "es": 'la celda está vacía; escriba "-" donde vale cualquier valor',
    },
    "cell.no-text": {
        "en": """a cell is one text; write the values in it: "1,2" or '"day","night"'""",
        "es": """una celda es un texto; escriba ahí los valores: "1,2" o '"day","night"'""",
    },
    "cell.not-part": {
        "en": "{text} at character {place} is not part of a test; {hint}",
        "es": "{text}, en el carácter {place}, no es parte de una prueba; {hint}",
    },
    "close-the-quote": {"en": "close the quote", "es": "cierre las comillas"},
    "remove-it": {"en": "remove it", "es": "quítelo"},
    "cell.ends-early": {
        "en": "the test ends too early; {expected} is missing",
        "es": "la prueba termina antes de tiempo; falta {expected}",
    },
    "cell.stands-where": {
        "en": "{text} at character {place} stands where {expected} should be",
        "es": "{text}, en el carácter {place}, está donde debería ir {expected}",
    },
    "cell.unknown-is-a-value": {
        "en": '{word} means unknown, and is also a value; write unknown or "null"',
        "es": '{word} significa que no se sabe, y también es un valor; escriba unknown o "null"',
    },
    "cell.never-unknown": {
        "en": "{column} is never unknown; remove {word} from the test",
        "es": "{column} siempre se sabe; quite {word} de la prueba",
    },
    "cell.dash-alone": {
        "en": '"-" accepts everything and stands alone; remove it or the other tests',
        "es": '"-" acepta todo y va solo; quítelo, o quite las otras pruebas',
    },
    "cell.not-alone": {
        "en": "not(…) stands alone and holds all the values that are refused",
        "es": "not(…) va solo y contiene todos los valores que se rechazan",
    },
    "cell.not-and-more": {
        "en": "not(…) stands alone; move the other tests into it or to another rule",
        "es": "not(…) va solo; ponga las otras pruebas dentro, o en otra regla",
    },
    "cell.no-start": {
        "en": "{text} at character {place} is not the start of a test",
        "es": "{text}, en el carácter {place}, no empieza ninguna prueba",
    },
    "cell.needs-quotes": {
        "en": "{word} is a value and needs double quotes inside the cell: '\"{word}\"'",
        "es": "{word} es un valor y necesita comillas dobles en la celda: '\"{word}\"'",
    },
    "cell.no-value-word": {
        "en": "{word} is not a value of {column}; {hint}",
        "es": "{word} no es un valor de {column}; {hint}",
    },
    "cell.no-test": {
        "en": "{word} is not a test; {column} is {domain}",
        "es": "{word} no es una prueba; {column} es {domain}",
    },
    "cell.outside": {
        "en": "{text} is not {domain}, which {column} must be",
        "es": "{text} no es {domain}, como tiene que ser {column}",
    },
    "cell.no-value": {
        "en": '"{value}" is not a value of {column}; {hint}',
        "es": '"{value}" no es un valor de {column}; {hint}',
    },
    "cell.cannot-be-tested": {
        "en": "{text} cannot be tested; {column} is {domain}",
        "es": "{text} no se puede probar; {column} es {domain}",
    },
    "cell.too-large": {
        "en": "{text}… is too large for a number",
        "es": "{text}… es demasiado grande para un número",
    },
    "cell.should-be": {
        "en": "{text} at character {place} should be a {kind}",
        "es": "{text}, en el carácter {place}, debería ser: {kind}",
    },
    "cell.outside-range": {
        "en": "{text} lies outside the range {range} of {column}; use a {kind} inside it or widen "
        "the range",
        "es": "{text} está fuera del rango {range} de {column}; use un valor de adentro o amplíe "
        "el rango",
    },
    "cell.no-moment": {
        "en": "{text} at character {place} is not a {kind}; {column} is {domain}",
        "es": "{text}, en el carácter {place}, no es {kind}; {column} es {domain}",
    },
    "cell.empty-interval": {
        "en": "{interval} holds no {kind}; write the smaller end first",
        "es": "{interval} no contiene nada; escriba primero el extremo menor",
    },
    "cell.no-range": {
        "en": "{text} is not a range; write one interval such as [0..24)",
        "es": "{text} no es un rango; escriba un intervalo como [0..24)",
    },
    # Declarations
    "not-latin": {
        "en": "{what} has the letter {letter} ({name}), which is not Latin; replace it",
        "es": "{what} tiene la letra {letter} ({name}), que no es latina; cámbiela",
    },
    "more-lines": {
        "en": "{what} is more than one line; write it in one",
        "es": "{what} tiene más de una línea; escríbalo en una",
    },
    "unseen": {
        "en": "{what} has blanks or signs that nobody sees; remove them",
        "es": "{what} tiene espacios o signos que nadie ve; quítelos",
    },
    "the-name": {"en": "the name {name}", "es": "el nombre {name}"},
    "the-value": {"en": "the value {value} of {name}", "es": "el valor {value} de {name}"},
    "value.not-text": {
        "en": "a value of {name} is not a text; put it in quotes",
        "es": "un valor de {name} no es un texto; póngalo entre comillas",
    },
    "value.empty": {
        "en": "a value of {name} is empty; write it, or remove it",
        "es": "un valor de {name} está vacío; escríbalo o quítelo",
    },
    "value.twice": {
        "en": "the value {value} of {name} is listed twice; remove one",
        "es": "el valor {value} de {name} está dos veces; quite uno",
    },
    "value.unknown": {
        "en": "{name} lists unknown, which every input may be anyway; remove or rename it",
        "es": "{name} tiene el valor unknown, que todo dato puede tener; quítelo o cámbiele el "
        "nombre",
    },
    "value.look-alike": {
        "en": "the values {one} and {other} of {name} look alike; rename one of them",
        "es": "los valores {one} y {other} de {name} se parecen; cámbiele el nombre a uno",
    },
    "values.none": {
        "en": "{name} has no values; list at least one",
        "es": "{name} no tiene valores; escriba al menos uno",
    },
    "domain.none": {
        "en": "{name} has no domain; add its type and, where it needs them, values",
        "es": "{name} no dice qué puede ser; agregue su tipo y, si hacen falta, sus valores",
    },
    "type.unknown": {
        "en": "{word} is not a type of {name}; {hint}",
        "es": "{word} no es un tipo de {name}; {hint}",
    },
    "range.unread": {
        "en": "the range of {name} cannot be read: {why}",
        "es": "el rango de {name} no se puede leer: {why}",
    },
    "field.not-of-kind": {
        "en": "{name} is a {kind} and has no {field}; remove it",
        "es": "{name} es de tipo {kind} y no lleva {field}; quítelo",
    },
    "values.missing": {
        "en": "{name} is a choice without values; list its values",
        "es": "{name} es una elección sin valores; escriba sus valores",
    },
    "range.missing": {
        "en": "{name} is a {kind} without a range; add one such as {example}",
        "es": "{name} es de tipo {kind} y no tiene rango; agregue uno como {example}",
    },
    "range.empty": {
        "en": "the range of {name} holds no value; widen it",
        "es": "el rango de {name} no contiene ningún valor; amplíelo",
    },
    "this": {"en": "this", "es": "esto"},
    "it-is": {"en": "{name} is {domain}", "es": "{name} es {domain}"},
    "unknown.outside": {
        "en": "when unknown of {name} cannot be {shown}; {hint}",
        "es": "lo que se toma cuando no se sabe {name} no puede ser {shown}; {hint}",
    },
    "unknown.always-known": {
        "en": "{name} is always known and is also told what unknown is taken for; keep one",
        "es": "{name} siempre se sabe, y también dice como qué se toma cuando no se sabe; deje uno",
    },
    "table.name": {
        "en": "a table is called by one line with a letter or a number, without blanks around it",
        "es": "una tabla se llama con una línea con letras o números, sin espacios alrededor",
    },
    "not-a-name": {
        "en": "{name} is not a name; use letters, digits and underscores, no space or dash",
        "es": "{name} no es un nombre; use letras, números y guiones bajos, sin espacios ni "
        "guiones",
    },
    "look-alike": {
        "en": "{name} and {other} look alike; rename one of them",
        "es": "{name} y {other} se parecen; cámbiele el nombre a uno",
    },
    "name.taken.input": {
        "en": "{name} is already an input; give this output another name",
        "es": "{name} ya es un dato; dele otro nombre a esta respuesta",
    },
    "name.taken.output": {
        "en": "{name} is already an output of table {table}; give this output another name",
        "es": "{name} ya es una respuesta de la tabla {table}; dele otro nombre a esta",
    },
    # Rules
    "rule.id-twice": {
        "en": "the rule id {name} is already used in line {line}; choose another",
        "es": "el nombre de regla {name} ya está en la línea {line}; elija otro",
    },
    "column.unknown": {
        "en": "there is no input or output {name}; {hint}",
        "es": "no hay ningún dato ni respuesta {name}; {hint}",
    },
    "column.later": {
        "en": "{name} is an output of table {owner}, which comes later; move table {owner} before "
        "table {table}",
        "es": "{name} es una respuesta de la tabla {owner}, que viene después; ponga la tabla "
        "{owner} antes de la tabla {table}",
    },
    "column.circle": {
        "en": "{name} is an output of table {owner}, which itself needs an answer of table "
        "{table}: they go round in a circle; take one of these tests out",
        "es": "{name} es una respuesta de la tabla {owner}, que a su vez necesita una respuesta de "
        "la tabla {table}: dan vueltas en círculo; quite una de estas condiciones",
    },
    "column.own": {
        "en": "{name} is an output of this very table; test an input or an earlier table",
        "es": "{name} es una respuesta de esta misma tabla; mire un dato o una tabla anterior",
    },
    "then.no-output": {
        "en": "table {table} has no output {name}; {hint}",
        "es": "la tabla {table} no tiene la respuesta {name}; {hint}",
    },
    "then.no-value": {
        "en": "{shown} is not a value of {name}; {hint}",
        "es": "{shown} no es un valor de {name}; {hint}",
    },
    "must-be": {"en": "it must be {domain}", "es": "tiene que ser {domain}"},
    "then.missing": {
        "en": "the rule does not set {name}; add {name}: … to then",
        "es": "la regla no dice {name}; agregue {name}: … en then",
    },
    # Promises
    "what.policy": {"en": "the policy", "es": "la política"},
    "what.promise": {"en": "the promise", "es": "la promesa"},
    "what.promise-id": {"en": "the promise's id", "es": "el nombre de la promesa"},
    "what.says": {"en": "says of promise {name}", "es": "lo que dice la promesa {name}"},
    "what.never": {"en": "never of promise {name}", "es": "el never de la promesa {name}"},
    "what.promise-source": {
        "en": "source of promise {name}",
        "es": "la fuente de la promesa {name}",
    },
    "promise.twice": {
        "en": "the promise {name} is already made in line {line}; rename one",
        "es": "la promesa {name} ya está en la línea {line}; cámbiele el nombre a una",
    },
    "never.not-part": {
        "en": "{text} is not part of a promise; {hint}",
        "es": "{text} no es parte de una promesa; {hint}",
    },
    "never.empty": {
        "en": "the promise is empty; say what must never happen",
        "es": "la promesa está vacía; diga lo que nunca debe pasar",
    },
    "never.no-end": {
        "en": "{text} stands where and, or or the end should be",
        "es": "{text} está donde debería ir and, or o el final",
    },
    "never.ends-early": {
        "en": "the promise ends too early; {expected} is missing",
        "es": "la promesa termina antes de tiempo; falta {expected}",
    },
    "never.stands-where": {
        "en": "{text} stands where {expected} should be",
        "es": "{text} está donde debería ir {expected}",
    },
    "never.too-deep": {
        "en": "this is nested too deeply; split the promise",
        "es": "esto tiene demasiados paréntesis; divida la promesa",
    },
    "never.an-output": {
        "en": "{form}(…) speaks of an input, and {name} is an output; name an input",
        "es": "{form}(…) habla de un dato, y {name} es una respuesta; nombre un dato",
    },
    "never.no-name": {
        "en": "{text} stands where the name of an input or output should be",
        "es": "{text} está donde debería ir el nombre de un dato o de una respuesta",
    },
    "never.a-list": {
        "en": "{name} is a list; write {name} contains …",
        "es": "{name} es una lista; escriba {name} contains …",
    },
    "never.no-list": {
        "en": "{name} is not a list; write = or in",
        "es": "{name} no es una lista; escriba = o in",
    },
    "never.decided": {
        "en": "{name} is decided and never unknown",
        "es": "{name} se decide y siempre se sabe",
    },
    "never.always-known": {"en": "{name} is always known", "es": "{name} siempre se sabe"},
    "never.true-fact": {
        "en": "a true fact is never unknown",
        "es": "lo que es en verdad no puede ser desconocido",
    },
    "never.name-a-value": {"en": "{why}; name a value", "es": "{why}; nombre un valor"},
    "never.which": {
        "en": "{name} is {domain}; say which, with =, !=, in or not in",
        "es": "{name} es {domain}; diga cuál, con =, !=, in o not in",
    },
    "never.met-by-none": {
        "en": "no value of {name} meets this; it is {domain}",
        "es": "ningún valor de {name} cumple esto; es {domain}",
    },
    "never.empty-interval": {
        "en": "this interval is empty; write the smaller end first",
        "es": "este intervalo está vacío; escriba primero el extremo menor",
    },
    "never.no-size": {
        "en": "{name} is {domain} and is not compared by size",
        "es": "{name} es {domain} y no se compara por tamaño",
    },
    "never.should-be": {"en": "{text} should be a {kind}", "es": "{text} debería ser: {kind}"},
    "never.no-moment": {
        "en": "{text} is not a {kind}; {column} is {domain}",
        "es": "{text} no es {kind}; {column} es {domain}",
    },
    "never.it-is": {"en": "it is {domain}", "es": "es {domain}"},
}
