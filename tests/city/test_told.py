"""What the library said in English, and was kept so, is told in the reader's language."""

import pytest
from django.utils.translation import override

from lamplighter.city.told import told
from lamplighter.rehearsal.teams_file import TeamsError, read_teams, settled
from lamplighter.rehearsal.teams_file.sentence_texts import TEXTS

UNKNOWN = "OSError <script>"


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        (
            "layout, line 2: this is not YAML (expected ',' or ']'): mend this line.",
            "layout, línea 2: esto no es YAML: corrija esta línea.",
        ),
        (
            "There is no file histories: check the path.",
            "No hay ningún archivo histories: revise la ruta.",
        ),
    ],
)
def test_it_is_told_in_spanish(kept: str, says: str) -> None:
    with override("es"):
        assert told(kept) == says
    with override("en"):
        assert told(kept).replace("&#x27;", "'") == kept


@pytest.mark.parametrize("code", ["base.far", "base.far-from-calls"])
@pytest.mark.parametrize(("others", "said"), [("nothing", ""), ("base.far-one-more", "la de 1 ")])
def test_a_base_that_is_far_is_told_of_with_and_without_others(
    code: str, others: str, said: str
) -> None:
    kept = TEXTS[code]["en"].format(name="Van", km="40", more=TEXTS[others]["en"])
    with override("es"):
        assert told(kept).startswith("la base de Van está a 40 km de ")
        assert said in told(kept)


def test_what_it_does_not_know_stays_and_is_marked() -> None:
    with override("es"):
        assert told(UNKNOWN) == '<span lang="en">OSError &lt;script&gt;</span>'
    with override("en"):
        assert told(UNKNOWN) == "OSError &lt;script&gt;"


def test_teams_that_do_not_fit_a_city_are_told_of_line_by_line() -> None:
    teams = read_teams("example_teams")
    with pytest.raises(TeamsError) as refused:
        settled(teams, {"Downtown": (36.16, -86.78)})
    with override("es"):
        assert told(str(refused.value)) == "\n".join(refused.value.in_language("es"))
