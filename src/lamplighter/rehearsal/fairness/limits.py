"""What figures of fairness can not say, in plain words."""

from collections.abc import Mapping

ECOLOGICAL: Mapping[str, str] = {
    "en": "These figures are of places, not of people. Nobody wrote down who called. A group's "
    "figure is what a person of that group meets if help comes to all neighbors alike. It may be "
    "different for them.",
    "es": "Estas cifras son de lugares, no de personas. Nadie anotó quién llamó. La cifra de un "
    "grupo es lo que encuentra una persona de ese grupo si la ayuda llega igual a todos sus "
    "vecinos. Para ella puede ser distinto.",
}
CALLS_ONLY: Mapping[str, str] = {
    "en": "Only those who call are counted. Where people are afraid to call, or have no phone, "
    "need does not show.",
    "es": "Solo cuentan quienes llaman. Donde la gente teme llamar, o no tiene teléfono, la "
    "necesidad no se ve.",
}
RESIDENTS: Mapping[str, str] = {
    "en": "People are counted where they live. Calls come from where people are: downtown, at "
    "work, on the street.",
    "es": "Las personas se cuentan donde viven. Las llamadas vienen de donde están: el centro, el "
    "trabajo, la calle.",
}
SAME_HELP: Mapping[str, str] = {
    "en": "This shows who comes and when. It does not show whether the help was good.",
    "es": "Esto muestra quién llega y cuándo. No muestra si la ayuda fue buena.",
}
REPLICATIONS: Mapping[str, str] = {
    "en": "The intervals show the luck of the simulation over the same calls. Another year would "
    "bring other calls.",
    "es": "Los intervalos muestran el azar de la simulación con las mismas llamadas. Otro año "
    "traería otras llamadas.",
}
DAYS: Mapping[str, str] = {
    "en": "The intervals show how much the figures depend on the days in the file. They take days "
    "as alike.",
    "es": "Los intervalos muestran cuánto dependen las cifras de los días del archivo. Suponen que "
    "los días se parecen.",
}
FEW: Mapping[str, str] = {
    "en": "Areas with few calls are shown, and not ranked: their figures are mostly chance.",
    "es": "Las zonas con pocas llamadas se muestran, pero sin puesto: sus cifras son casi azar.",
}
