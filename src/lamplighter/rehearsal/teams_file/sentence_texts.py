"""The words of what is wrong with a team file, by code; `{…}` is filled in."""

TEXTS: dict[str, dict[str, str]] = {
    # What is spoken of
    "what.file": {"en": "the team file", "es": "el archivo de equipos"},
    "what.of": {"en": "{field} of {what}", "es": "{field} de {what}"},
    "what.in-minutes": {"en": "{what} in minutes", "es": "{what} en minutos"},
    "what.after": {"en": "after in {what} in minutes", "es": "after en {what} en minutos"},
    "what.mean": {"en": "the mean of {what}", "es": "la media de {what}"},
    "what.median": {"en": "the median of {what}", "es": "la mediana de {what}"},
    "what.sigma": {"en": "the sigma of {what}", "es": "la sigma de {what}"},
    "what.lognormal": {"en": "the lognormal of {what}", "es": "la lognormal de {what}"},
    "what.percentile": {"en": "a percentile of {what}", "es": "un percentil de {what}"},
    "what.share": {"en": "the share of {what}", "es": "la proporción de {what}"},
    "what.minutes": {"en": "the minutes of {what}", "es": "los minutos de {what}"},
    "what.kind": {"en": "the kind {name}", "es": "el tipo {name}"},
    "what.kind-of": {"en": "the kind of {name}", "es": "el tipo de {name}"},
    "what.label": {"en": "the label of {what}", "es": "el texto de {what}"},
    "what.cost": {"en": "the cost {name}", "es": "el costo {name}"},
    "what.unit-of": {"en": "the unit of {what}", "es": "la medida de {what}"},
    "what.source": {"en": "the source of {what}", "es": "la fuente de {what}"},
    "what.a-unit": {"en": "a unit", "es": "una unidad"},
    "what.unit-name": {"en": "the name of a unit", "es": "el nombre de una unidad"},
    "what.base": {"en": "the base of {name}", "es": "la base de {name}"},
    "what.latitude": {"en": "the latitude of {what}", "es": "la latitud de {what}"},
    "what.longitude": {"en": "the longitude of {what}", "es": "la longitud de {what}"},
    "what.shifts": {"en": "the shifts of {name}", "es": "los turnos de {name}"},
    "what.shift": {"en": "a shift of {name}", "es": "un turno de {name}"},
    "what.number": {"en": "the number of {what}", "es": "el número de {what}"},
    "what.break": {"en": "the break of {what}", "es": "el descanso de {what}"},
    "what.skills": {
        "en": "the skills that {nature} needs",
        "es": "las capacidades que necesita {nature}",
    },
    "what.second": {"en": "the second unit of {backup}", "es": "la segunda unidad de {backup}"},
    "what.street-factor": {"en": "the street factor", "es": "el factor de calles"},
    "what.speed": {"en": "the speed in km/h", "es": "la velocidad en km/h"},
    # The file
    "file.unread": {
        "en": "the team file cannot be read ({why}): check the path, have one written by "
        "'lamplighter teams', or give the name of one that comes with Lamplighter ({names})",
        "es": "el archivo de equipos no se puede leer ({why}): revise la ruta, haga escribir uno "
        "con 'lamplighter teams', o dé el nombre de uno que viene con Lamplighter ({names})",
    },
    "file.not-text": {
        "en": "the team file is not UTF-8: save it as UTF-8",
        "es": "el archivo de equipos no está en UTF-8: guárdelo en UTF-8",
    },
    "file.empty": {
        "en": "the team file is empty; begin with teams: NAME",
        "es": "el archivo de equipos está vacío; empiece con teams: NOMBRE",
    },
    # Numbers, minutes, days, hours
    "number.none": {
        "en": "{what} must be a number; write it in digits",
        "es": "{what}: tiene que ser un número; escríbalo con cifras",
    },
    "number.outside": {
        "en": "{what} is {value} and must be {range}; correct it",
        "es": "{what}: es {value} y tiene que ser {range}; corríjalo",
    },
    "number.not-whole": {
        "en": "{what} must be a whole number",
        "es": "{what}: tiene que ser un número entero",
    },
    "at-least": {"en": "at least {least}", "es": "al menos {least}"},
    "from-to": {"en": "from {least} to {most}", "es": "de {least} a {most}"},
    "minutes.one-way": {
        "en": "{what} must be written in one way; write {ways}",
        "es": "{what}: se escribe de una sola manera; escriba {ways}",
    },
    "percentiles.form": {
        "en": "the percentiles of {what} must be written as {{10: 5, 50: 22, 90: 62}}",
        "es": "los percentiles de {what} se escriben como {{10: 5, 50: 22, 90: 62}}",
    },
    "percentiles.rise": {
        "en": "the percentiles of {what} must rise; put them in order",
        "es": "los percentiles de {what} tienen que subir; póngalos en orden",
    },
    "percentiles.few": {
        "en": "{what} needs at least two percentiles; add one",
        "es": "{what}: hacen falta al menos dos percentiles; agregue uno",
    },
    "texts.none": {
        "en": "{what} must be a text or a list of texts",
        "es": "{what}: tiene que ser un texto o una lista de textos",
    },
    "nature.unknown": {
        "en": "there is no nature {nature}; {hint}",
        "es": "no hay ningún motivo de llamada {nature}; {hint}",
    },
    "days.none": {
        "en": "days cannot be {said}; write mon-fri, sat, [mon, wed] or every day",
        "es": "days no puede ser {said}; escriba mon-fri, sat, [mon, wed] o every day",
    },
    "hours.none": {
        "en": 'hours cannot be {said}; write "10:00-18:00" or "22:00-06:00 next day"',
        "es": 'hours no puede ser {said}; escriba "10:00-18:00" o "22:00-06:00 next day"',
    },
    "hours.outside": {
        "en": "hours cannot be {said}; a day has hours from 00:00 to 24:00",
        "es": "hours no puede ser {said}; un día tiene horas de 00:00 a 24:00",
    },
    "shift.backwards": {
        "en": 'the shift {said} ends before it starts; write "{said} next day" if it ends in the '
        "morning",
        "es": 'el turno {said} termina antes de empezar; escriba "{said} next day" si termina por '
        "la mañana",
    },
    "shift.long": {
        "en": "the shift {said} is longer than a day; write two shifts",
        "es": "el turno {said} dura más de un día; escriba dos turnos",
    },
    # Kinds
    "kind.unknown": {"en": "there is no kind {kind}; {hint}", "es": "no hay tipo {kind}; {hint}"},
    "kind.another": {"en": "name another kind", "es": "nombre otro tipo"},
    "kind.no-other": {
        "en": "{field} of the kind {name} is no other kind; {hint}",
        "es": "{field} del tipo {name} no es otro tipo; {hint}",
    },
    "kind.answered-twice": {
        "en": "{answer} is answered by {one} and by {other}; leave it to one",
        "es": "a {answer} responden {one} y {other}; déjeselo a uno",
    },
    "kind.idle": {
        "en": "no unit of the kind {name} ever works; add one under units, or write unlimited: "
        "true",
        "es": "ninguna unidad del tipo {name} trabaja nunca; agregue una en units, o escriba "
        "unlimited: true",
    },
    "second.unknown": {
        "en": "the second unit of {backup} is of no known kind: {hint}",
        "es": "la segunda unidad de {backup} no es de un tipo conocido: {hint}",
    },
    "cost.disordered": {
        "en": "{what} must have its value between low and high; correct one of them",
        "es": "{what}: value tiene que estar entre low y high; corrija uno de ellos",
    },
    # Units
    "unit.twice": {
        "en": "two units are called {name}; rename one of them",
        "es": "dos unidades se llaman {name}; cámbiele el nombre a una",
    },
    "unit.no-kind": {
        "en": "{name} is of no known kind: {hint}",
        "es": "{name} no es de un tipo conocido: {hint}",
    },
    "unit.enough": {
        "en": "{name} is of the kind {kind}, of which there are always enough; remove the unit, or "
        "unlimited: true of the kind",
        "es": "{name} es del tipo {kind}, del que siempre hay bastantes; quite la unidad, o "
        "unlimited: true del tipo",
    },
    "unit.idle": {
        "en": "{name} never works; give it a shift such as {example}",
        "es": "{name} no trabaja nunca; dele un turno como {example}",
    },
    # Travel
    "speed.hour": {
        "en": "an hour of speed must be one such as 7 or 7-18, from 0 to 23",
        "es": "una hora de la velocidad tiene que ser como 7 o 7-18, de 0 a 23",
    },
    "speed.twice": {
        "en": "the speed at {hour} is given twice; give each hour once",
        "es": "la velocidad de las {hour} está dos veces; dé cada hora una vez",
    },
    "speed.missing": {
        "en": "the speed at {hour} is missing; give every hour from 0 to 23",
        "es": "falta la velocidad de las {hour}; dé todas las horas de 0 a 23",
    },
    "matrix.alone": {
        "en": "a matrix stands beside a team file, and this is a text alone; take it out",
        "es": "una matriz va junto a un archivo de equipos, y esto es solo un texto; quítela",
    },
    "matrix.folder": {
        "en": "the matrix must be named without a folder; put it beside",
        "es": "la matriz se nombra sin carpeta; póngala al lado",
    },
    "matrix.unread": {
        "en": "the matrix {name} cannot be read; put a CSV file beside this one",
        "es": "la matriz {name} no se puede leer; ponga un archivo CSV junto a este",
    },
    "matrix.not-square": {
        "en": "the matrix {name} is not square; it needs the areas across the top and, in the same "
        "order, down the side",
        "es": "la matriz {name} no es cuadrada; lleva las zonas arriba y, en el mismo orden, al "
        "costado",
    },
    "matrix.line": {
        "en": "line {line} of the matrix {name} must have {number} numbers of minutes that are not "
        "negative; correct it",
        "es": "la línea {line} de la matriz {name} tiene que tener {number} números de minutos que "
        "no sean negativos; corríjala",
    },
    # Where it meets a city and its policy
    "area.no-unit": {
        "en": "{name} goes to {area}, which is no area; {hint}",
        "es": "{name} va a {area}, que no es una zona; {hint}",
    },
    "area.no-base": {
        "en": "the base of {name} is {area}, which is no area; {hint}",
        "es": "la base de {name} es {area}, que no es una zona; {hint}",
    },
    "area.no-place": {
        "en": "the base of {name} is {area}, of which no place is known; write its latitude and "
        "longitude",
        "es": "la base de {name} es {area}, de la que no se conoce el lugar; escriba su latitud y "
        "su longitud",
    },
    "area.no-matrix": {
        "en": "the matrix has {area}, which is no area; {hint}",
        "es": "la matriz tiene {area}, que no es una zona; {hint}",
    },
    "base.far": {
        "en": "the base of {name} is {km} km from the nearest of these areas{more}; write places "
        "in this city, or the names of areas, into a copy of the file",
        "es": "la base de {name} está a {km} km de la más cercana de estas zonas{more}; escriba "
        "lugares de esta ciudad, o nombres de zonas, en una copia del archivo",
    },
    "base.far-from-calls": {
        "en": "the base of {name} is {km} km from where the calls come from{more}; write places in "
        "this city into a copy of the file",
        "es": "la base de {name} está a {km} km de donde vienen las llamadas{more}; escriba "
        "lugares de esta ciudad en una copia del archivo",
    },
    "base.far-one-more": {
        "en": ", as is that of 1 more unit",
        "es": ", como la de 1 unidad más",
    },
    "base.far-more": {
        "en": ", as are those of {number} more units",
        "es": ", como las de {number} unidades más",
    },
    "nothing": {"en": "", "es": ""},
    "answer.unsaid": {
        "en": "{name} answers {answer}, which no rule gives; {hint}",
        "es": "{name} responde a {answer}, que ninguna regla da; {hint}",
    },
    "backup.unsaid": {
        "en": "no rule gives the backup {backup}; {hint}",
        "es": "ninguna regla da el apoyo {backup}; {hint}",
    },
    "answers.alone": {
        "en": "no kind answers {answers}, which {policy} gives; these calls are not rehearsed",
        "es": "ningún tipo responde a {answers}, que {policy} da; estas llamadas no se ensayan",
    },
}
