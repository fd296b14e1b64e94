"""What a reader must not conclude, and how to compute it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import team_kinds
from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.say import LANGUAGES, Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_LEFT_OUT = {
    "officer": Words("started by officers", "iniciadas por agentes"),
    "unknown": Words("it is not known who started them", "no se sabe quién las inició"),
    "nature not told": Words("nature not told", "sin tipo de llamada"),
}


def limits_section(shown: Shown) -> Section:
    """What this is not, in plain words."""
    limits = list(_limits(shown))
    html = tuple(
        "<ul class='limits'>"
        + "".join(f"<li>{escape(Say(language).of(one))}</li>" for one in limits)
        + "</ul>"
        for language, _ in LANGUAGES
    )
    return Section(
        "limits",
        Words("What this does not tell", "Qué no dice esto"),
        Words("Limits", "Límites"),
        (),
        html_after=(html[0], html[1]),
    )


def _limits(shown: Shown) -> Iterator[Words]:
    asked, days = shown.asked, shown.asked.own.days
    yield Words(
        "This is a rehearsal, not a forecast. It replays calls that came in, as they came in; a "
        "new team also changes who calls, and for what.",
        "Esto es un ensayo, no un pronóstico. Repite llamadas que entraron, tal como entraron; "
        "un equipo nuevo también cambia quién llama y para qué.",
    )
    yield Words(
        f"The file covers {days:.0f} days. Seasons, events and rare days that are not in it are "
        "not in the answer.",
        f"El archivo abarca {days:.0f} días. Las épocas, los eventos y los días raros que no "
        "están en él no están en la respuesta.",
    )
    yield Words(
        "What a caller would have answered is not in the file. It was drawn from shares that are "
        "assumed. The floor and the ceiling do not rest on them; everything between does.",
        "Lo que habría contestado quien llamó no está en el archivo. Se sorteó con proporciones "
        "supuestas. El mínimo y el máximo no dependen de ellas; todo lo intermedio sí.",
    )
    yield Words(
        "Served means that the team that should go was there. Whether it helped is not known "
        "here; and a call that police would never have attended is not one less for police.",
        "Atendida quiere decir que llegó el equipo que debía ir. Aquí no se sabe si ayudó; y una "
        "llamada a la que la policía nunca habría ido no es una menos para la policía.",
    )
    yield Words(
        "The ranges say how much chance alone moves a number. They do not say how wrong an "
        "assumption may be: for that, change it and run again.",
        "Los márgenes dicen cuánto mueve un número el puro azar. No dicen cuánto puede fallar un "
        "supuesto: para eso, cámbielo y vuelva a correr.",
    )
    yield from shown.rehearsal.warnings
    left = sum(asked.left_out.values())
    if left:
        # A whole would give the one part away that is not told.
        all_told = all(count >= FEWEST for count in asked.left_out.values())
        many = f"{left:,}" if all_told else ""
        listed, enumerated = (
            "; ".join(
                f"{Say(language).of(_LEFT_OUT.get(name, name))}: "
                + (f"{count:,}" if count >= FEWEST else Say(language)("few", "pocas"))
                for name, count in asked.left_out.items()
            )
            for language, _ in LANGUAGES
        )
        yield Words(
            f"{many or 'Some'} rows of the file are not requests for help, or lack what is needed, "
            f"and are left out ({listed}).",
            f"{many or 'Algunas'} filas del archivo no son pedidos de ayuda, o les falta lo "
            f"necesario, y quedan fuera ({enumerated}).",
        )
    yield Words(
        "Areas, natures and hours of fewer than 10 calls are merged or hatched, in the pictures "
        "and in the files, and so are results of fewer than 10 of these, so that nobody can be "
        "recognized. Counts of calls are real; what became of them here is simulated.",
        "Las zonas, tipos y horas de menos de 10 llamadas van juntas o rayadas, en las imágenes "
        "y en los archivos, y también los resultados de menos de 10 de ellas, para que no se "
        "reconozca a nadie. Los conteos de llamadas son reales; lo que pasa aquí con ellas es "
        "simulado.",
    )
    yield Words(
        "Only one report of a period may be published. Who has a second one of the same or an "
        "overlapping period, with other teams, another policy or other areas, can subtract one "
        "from the other, and find calls of single people.",
        "Solo se puede publicar un informe de un periodo. Quien tenga otro del mismo periodo o de "
        "uno que se cruza, con otros equipos, otra política u otras zonas, puede restar uno del "
        "otro y encontrar llamadas de personas concretas.",
    )


def _areas(found: Rehearsal) -> Iterator[tuple[Value, ...]]:
    """The areas with the people in them, as they were read."""
    if found.areas is not None:
        many = len(found.areas)
        yield (
            Words("Areas and people", "Zonas y personas"),
            Words(f"{many:,} areas", f"{many:,} zonas"),
            found.areas.content_hash,
        )


def again_section(shown: Shown) -> Section:
    """The command and the hashes of what went in."""
    found = shown.rehearsal
    rows: list[tuple[Value, ...]] = [
        (Words("History", "Historia"), found.history, found.history_hash),
        (
            Words("Policy", "Política"),
            f"{found.policy.name}, {found.policy.version}",
            found.policy.content_hash,
        ),
    ]
    if found.against is not None:
        other = found.against.policy
        rows.append(
            (Words("Against", "Contra"), f"{other.name}, {other.version}", other.content_hash)
        )
    rows += [
        (Words("Teams", "Equipos"), found.teams.name, found.teams.content_hash),
        *_areas(found),
        (
            Words("Seed, repetitions", "Semilla, repeticiones"),
            f"{found.seed}, {found.replications}",
            "",
        ),
        (Words("Lamplighter", "Lamplighter"), found.version, ""),
    ]
    sheet = Sheet(
        "inputs",
        Words("What went in", "Qué entró"),
        (
            Column("what", Words("What", "Qué")),
            Column("name", Words("Name", "Nombre")),
            Column("hash", Words("Fingerprint (SHA-256)", "Huella (SHA-256)")),
        ),
        tuple(rows),
    )
    # A browser would break a line between the two dashes and the option that they begin.
    command = re.sub(r"(?<= )-\S+", r'<span class="option">\g<0></span>', escape(found.command))
    pre = f'<pre class="command" tabindex="0"><code>{command}</code></pre>'
    html = pre if found.command else ""
    team_names = ", ".join(Say("en").of(shown.kind(kind.name)) for kind in team_kinds(found.teams))
    return Section(
        "again",
        Words("Compute it again", "Vuelva a calcularlo"),
        Words("Compute again", "Recalcular"),
        (
            Words(
                "The same files and the same seed give the same numbers, on any machine. "
                f"Rehearsed teams: {team_names}.",
                "Los mismos archivos y la misma semilla dan los mismos números en cualquier "
                "máquina. Equipos del ensayo: "
                f"{', '.join(Say('es').of(shown.kind(k.name)) for k in team_kinds(found.teams))}.",
            ),
        ),
        sheets=(sheet,),
        html_after=(html, html),
    )
