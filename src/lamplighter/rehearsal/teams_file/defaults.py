"""What a team file leaves out, and the library takes: each number with its source."""

from __future__ import annotations

from dataclasses import replace

from lamplighter.rehearsal.durations import PERCENTILES, Durations
from lamplighter.rehearsal.teams import NOTHING, Assumed, Kind, Law, Minutes, Step, Teams

SOURCE = "Mobile crisis teams of Lane County: 10th to 95th percentile; the ends are assumed"
_AT = tuple(percent / 100 for percent in PERCENTILES)
ON_SCENE = Minutes(Law.PERCENTILES, tuple(map(float, Durations().arrival_to_departure)), _AT)
TO_ARRIVE = Minutes(Law.PERCENTILES, tuple(map(float, Durations().dispatch_to_arrival)), _AT)


def with_defaults(teams: Teams) -> Teams:
    """Fill in the minutes on scene, and of kinds without limit those to arrive.

    Units of the other kinds travel, so nothing is taken for their way.
    """
    kinds: dict[str, Kind] = {}
    assumed: list[Assumed] = []
    for name, kind in teams.kinds.items():
        if kind.on_scene is NOTHING:
            kind = replace(kind, on_scene=Step(ON_SCENE))
            assumed.append(_assumed(f"{name}: minutes on scene", ON_SCENE, kind, _ON_SCENE_WORDS))
        if kind.unlimited and kind.to_arrive is NOTHING:
            kind = replace(kind, to_arrive=Step(TO_ARRIVE))
            assumed.append(_assumed(f"{name}: minutes to arrive", TO_ARRIVE, kind, _ARRIVE_WORDS))
        kinds[name] = kind
    return replace(teams, kinds=kinds, assumed=tuple(assumed))


_ON_SCENE_WORDS = {"en": "minutes on scene (median)", "es": "minutos en el lugar (mediana)"}
_ARRIVE_WORDS = {"en": "minutes to arrive (median)", "es": "minutos para llegar (mediana)"}


def _assumed(name: str, taken: Minutes, kind: Kind, words: dict[str, str]) -> Assumed:
    low, middle, high = (taken.values[PERCENTILES.index(percent)] for percent in (10, 50, 90))
    label = {lang: f"{kind.label.get(lang, kind.name)}: {said}" for lang, said in words.items()}
    return Assumed(name, middle, low, high, "minutes", SOURCE, label)
