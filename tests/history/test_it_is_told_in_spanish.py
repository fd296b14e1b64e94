"""What is said of call files can be told in Spanish, with the same names and numbers in it."""

import ast
import re
import string
from pathlib import Path

import pytest

import lamplighter.history
from lamplighter.file_kinds import _FIRST_BYTES, _PARTS
from lamplighter.history import HistoryError
from lamplighter.history.areas import parse_areas
from lamplighter.history.describing import describe_file
from lamplighter.history.formats.kinds import _refused
from lamplighter.history.layout_file import LayoutError, parse_layout
from lamplighter.history.quality.words import REASONS
from lamplighter.history.records import Reason
from lamplighter.history.spanish import _SAID_BY_US, in_spanish
from lamplighter.history.spanish_texts import TEXTS
from tests.city.call_files import invented_calls

HOME = Path(lamplighter.history.__file__).parent
FEW = Reason.TOO_FEW_COLUMNS


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def said_in(node: ast.AST) -> str | None:
    """A text of the program, with a gap for each thing that is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values
        )
    return None


@pytest.fixture(scope="module")
def all_said() -> list[str]:
    """Every text of the library that speaks of call files and areas."""
    texts = []
    for path in [*HOME.rglob("*.py"), HOME.parent / "file_kinds.py"]:
        if not path.stem.startswith("spanish_texts"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts += [said for node in ast.walk(tree) if (said := said_in(node))]
    return texts


@pytest.fixture(scope="module")
def program(all_said: list[str]) -> str:
    return "\n".join(all_said)


@pytest.mark.parametrize(("english", "spanish"), TEXTS)
def test_each_sentence_is_one_that_the_library_says(
    english: str, spanish: str, program: str
) -> None:
    form = "\0".join(re.split(r"\{[a-z]+\}", english))
    assert form.strip("\0") in program
    assert set(places(spanish)) <= set(places(english))


def test_the_sentence_itself_is_found_again_whatever_stands_in_it() -> None:
    for english, _ in TEXTS:
        values = {name: a_value(name) for name in places(english)}
        told = in_spanish(english.format(**values))
        assert told is not None
        assert told != english or "{" in english


@pytest.mark.parametrize(
    ("once", "spanish"),
    [
        ("Hora holds times and was not used.", "Hora tiene horas y no se usó."),
        (
            "12% of the ids stand in several rows: a call may have a row for each unit or step. "
            "The first good row of a call is kept.",
            "Un 12% de los identificadores está en varias filas: una llamada puede tener una fila "
            "por cada unidad o paso. Se guarda la primera fila buena de cada llamada.",
        ),
    ],
)
def test_what_was_kept_as_it_was_once_said_is_found_too(once: str, spanish: str) -> None:
    assert in_spanish(once) == spanish


def a_value(name: str) -> str:
    """What may stand in a gap: a known part of a sentence where it must be one."""
    if name == "noun":
        return "columns"
    return "its values alone" if name in _SAID_BY_US else f"<{name} 7>"


def test_no_sentence_is_told_half(all_said: list[str]) -> None:
    """A sentence that was forgotten looks like another one: it then stays English whole."""
    # Words of a text in code are told in neither language, and some are words of both.
    both = words_of(" ".join(spanish for _, spanish in TEXTS)) | {"as", "or", "km"}
    sentences = [said for said in all_said if len(words_of(said)) > 2]
    assert len(sentences) > 300
    for said in sentences:
        told = in_spanish(said.replace("\0", "<7>"))
        assert told is None or not (words_of(said) & words_of(told)) - both, told


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\b[a-z]{2,}\b", text))


@pytest.mark.parametrize(
    "sentence",
    [
        "The file export.csv has no line that reads: welfare",
        "a nature has no 'x': ask somebody.",
        "calls.csv is a riddle, not a table of calls: ask for the table itself, as CSV or XLSX.",
        "the stars say so, but see below",
    ],
)
def test_a_sentence_that_is_known_in_part_stays_english_whole(sentence: str) -> None:
    assert in_spanish(sentence) is None


def test_names_stay_what_they_are() -> None:
    assert in_spanish("'file' has days without a clock.") == "'file' tiene días sin hora."


def test_a_text_of_the_words_of_a_sentence_is_looked_through_once() -> None:
    """Somebody may name a column so; tried in every way, each of these would take hours."""
    for english, _ in TEXTS:
        own = re.split(r"\{[a-z]+\}", english)
        if len(own) > 2:
            in_spanish((own[0] + "x" + "x".join(own[1:-1]) * 700)[:1_999])
            in_spanish((own[0] + " : " * 600)[:1_999])


def test_why_a_column_was_chosen_is_told_in_spanish(tmp_path: Path) -> None:
    (tmp_path / "llamadas.csv").write_bytes(invented_calls())
    proposal = describe_file(tmp_path / "llamadas.csv")
    assert all(in_spanish(guess.because) for guess in proposal.columns)
    assert all(map(in_spanish, proposal.not_understood))


def test_why_rows_of_a_sample_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "llamadas.csv").write_bytes(invented_calls() + b"half\n")
    (said,) = [
        one for one in describe_file(tmp_path / "llamadas.csv").not_understood if "cannot" in one
    ]
    assert said == f"Rows of the sample that cannot be read ({REASONS['en'][FEW]}): 1."
    told = f"Filas de la muestra que no se pueden leer ({REASONS['es'][FEW]}): 1."
    assert in_spanish(said) == told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "llamadas.csv está vacío: descárguelo otra vez."),
        (b"%PDF-1.7", "es un PDF, no una tabla de llamadas: pida la tabla misma, en CSV o XLSX."),
        (b"id,time\n", "no tiene filas de llamadas: vea si es el archivo correcto."),
        (b'{"error": true}', "quizás el mensaje de error de un portal"),
        (b"PAR1 cut", "es un archivo Parquet que no se puede abrir"),
    ],
)
def test_why_a_file_cannot_be_used_is_told_in_spanish(
    content: bytes, says: str, tmp_path: Path
) -> None:
    (tmp_path / "llamadas.csv").write_bytes(content)
    with pytest.raises(HistoryError) as refused:
        describe_file(tmp_path / "llamadas.csv")
    assert says in str(in_spanish(str(refused.value)))


@pytest.mark.parametrize("kind", sorted({kind for _, kind in (*_FIRST_BYTES, *_PARTS)}))
def test_every_kind_of_file_that_is_no_table_of_calls_is_told_in_spanish(kind: str) -> None:
    assert in_spanish(str(_refused(Path("llamadas 2024.csv"), kind))) is not None


TWO_SQUARES = """{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"name": "Hill"}, "geometry": {"type": "Polygon",
    "coordinates": [[[-88, 43], [-87.9, 43], [-87.9, 43.1], [-88, 43.1], [-88, 43]]]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
    "coordinates": [[[-87.95, 43], [-87.8, 43.1], [-87.8, 43], [-87.95, 43.1], [-87.95, 43]]]}},
  {"type": "Feature", "properties": {"name": "A dot"},
    "geometry": {"type": "Point", "coordinates": [-88, 43]}}]}"""


def test_what_was_mended_in_areas_and_people_is_told_in_spanish(tmp_path: Path) -> None:
    people = tmp_path / "gente.csv"
    people.write_text("name,residents\nHill,9\n" + "".join(f"Nowhere {n},1\n" for n in range(9)))
    areas = parse_areas(TWO_SQUARES, "zonas.geojson").with_population(people)
    assert len(areas.notes) == 6
    told = [in_spanish(note) for note in areas.notes]
    assert all(told), areas.notes
    assert not [one for one in told if re.search(r"\b(and|more|feature|its|no row)\b", str(one))]


def test_what_is_wrong_in_a_layout_is_told_in_spanish() -> None:
    wrong = (
        "layout: ours\ncity: Here\ntime zone: America/Denver\nfile: {skip: yes}\n"
        'columns: {time: at, code: what}\ntime formats: ["%Y-%m-%d %H:%M:%S"]\n'
        "other encodings: [latin-15]\nnever: [soon]\nbounds: {south: 3}\n"
        "rows of one call: kept\nincidents: {}\n"
        "natures:\n  - {codes: [A], nature: welfare_check, because: x}\n"
        "  - {codes: [A], started by: robots}\n  - {because: nothing}\n"
    )
    with pytest.raises(LayoutError) as refused:
        parse_layout(wrong, name="ours.yaml")
    assert len(refused.value.problems) > 8
    assert [one for one in refused.value.problems if in_spanish(one) is None] == []
