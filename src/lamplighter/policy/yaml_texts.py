"""The words of what is wrong with the form of a YAML text, by code; `{…}` is filled in."""

YAML_TEXTS: dict[str, dict[str, str]] = {
    "field.unknown": {
        "en": "{what} has no field {name}; {hint}",
        "es": "{what} no tiene el campo {name}; {hint}",
    },
    "file.other": {
        "en": "nothing here belongs to {what}, which has {names}; give another file",
        "es": "nada de aquí pertenece a {what}, que tiene {names}; indique otro archivo",
    },
    "field.missing": {
        "en": "{what} has no {name}; add {name}: …",
        "es": "{what} no tiene {name}; agregue {name}: …",
    },
    "text.empty": {
        "en": "{what} must be a text that is not empty; write it here",
        "es": "{what} tiene que ser un texto que no esté vacío; escríbalo aquí",
    },
    "written-twice": {
        "en": "{name} is written twice, first in line {line}; remove or rename one of them",
        "es": "{name} está escrito dos veces, primero en la línea {line}; quite uno o cámbiele el "
        "nombre",
    },
    "flag": {"en": "{name} must be true or false", "es": "{name} tiene que ser true o false"},
    "mapping.none": {
        "en": "{what} must be a mapping of names; write it as name: value",
        "es": "{what} tiene que ser una lista de nombres con su valor; escríbalo como nombre: "
        "valor",
    },
    "name.none": {
        "en": "{shown} is not a name; put it in quotes or spell it as a word",
        "es": "{shown} no es un nombre; póngalo entre comillas o escríbalo como una palabra",
    },
    "list.none": {
        "en": "{what} must be a list; start each item with a dash",
        "es": "{what} tiene que ser una lista; empiece cada elemento con un guion",
    },
    "yaml.alias": {
        "en": "this is used again elsewhere by an alias (*name); write it out in each place",
        "es": "esto se usa otra vez en otro lugar con un alias (*nombre); escríbalo entero en cada "
        "lugar",
    },
    "yaml.half-letter": {
        "en": "this has half of a letter (a surrogate); write the letter itself",
        "es": "esto tiene la mitad de una letra (un surrogate); escriba la letra misma",
    },
    "yaml.no-letter": {
        "en": "this has a sign that is no letter and that no database keeps (NUL); take it out",
        "es": "esto tiene un signo que no es ninguna letra y que ninguna base de datos guarda "
        "(NUL); quítelo",
    },
    "yaml.empty": {
        "en": "the file is empty; write a policy into it",
        "es": "el archivo está vacío; escriba en él una política",
    },
    "yaml.deep": {
        "en": "the file is nested too deeply; a policy needs no more than ten levels",
        "es": "el archivo tiene demasiados niveles; una política no necesita más de diez",
    },
    "yaml.not-text": {
        "en": "this is not YAML; save it as plain text in UTF-8",
        "es": "esto no es YAML; guárdelo como texto sin formato, en UTF-8",
    },
    # Text that is no YAML, and what the parser stumbled over
    "yaml.not": {"en": "this is not YAML: {why}", "es": "esto no es YAML: {why}"},
    "yaml.why.list-open": {
        "en": "a list opened with [ does not end; add ] or the missing comma",
        "es": "una lista abierta con [ no termina; agregue ] o la coma que falta",
    },
    "yaml.why.names-open": {
        "en": "what was opened with {{ does not end; add }} or the missing comma",
        "es": "lo que se abrió con {{ no termina; agregue }} o la coma que falta",
    },
    "yaml.why.indented": {
        "en": "this does not go on from the lines above; line it up, or put the text in quotes",
        "es": "esto no sigue de las líneas de arriba; alinéelo, o ponga el texto entre comillas",
    },
    "yaml.why.colon": {
        "en": "a colon stands where none can be; put the text in quotes",
        "es": "hay dos puntos donde no pueden ir; ponga el texto entre comillas",
    },
    "yaml.why.no-colon": {
        "en": "a name has no colon; write it as name: value",
        "es": "un nombre no tiene dos puntos; escríbalo como nombre: valor",
    },
    "yaml.why.quote": {
        "en": "a quote is not closed; close it",
        "es": "hay comillas sin cerrar; ciérrelas",
    },
    "yaml.why.sign": {
        "en": "nothing begins with this sign; indent with spaces, or put the text in quotes",
        "es": "nada empieza con este signo; use espacios, o ponga el texto entre comillas",
    },
    "yaml.why.alias": {
        "en": "an undefined alias (*name) stands here; write the value itself",
        "es": "aquí hay un alias (*nombre) que no existe; escriba el valor mismo",
    },
    "yaml.why.letter": {
        "en": "no letter has this number; write the letter itself",
        "es": "ninguna letra tiene este número; escriba la letra misma",
    },
    "yaml.why.other": {
        "en": "something here cannot be read; check the indentation, quotes and colons",
        "es": "algo de aquí no se puede leer; revise la sangría, las comillas y los dos puntos",
    },
}
