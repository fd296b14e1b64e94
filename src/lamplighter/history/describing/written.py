"""Write a proposal as a layout file that a person reads, mends and uses."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import wrap

from lamplighter.history.counted import counted
from lamplighter.history.describing.proposal import NatureGuess, Proposal
from lamplighter.history.errors import HistoryError
from lamplighter.history.layout import FIELDS, FileForm, StartedBy

WIDTH = 100
MOST_STRANGE = 60


def layout_text(proposal: Proposal) -> str:
    """Return the proposal as the text of a layout file, with what each part rests on.

    The examples in its comments are codes; addresses, names and notes never stand in it.
    """
    return "\n".join(
        [
            *_head(proposal),
            *_file_form(proposal.form),
            *_columns(proposal),
            *_times(proposal),
            *_bounds(proposal),
            *_natures(proposal),
            *_not_understood(proposal),
            "",
        ]
    )


def write_layout(proposal: Proposal, path: Path) -> None:
    """Write the proposed layout to a new file.

    Raises HistoryError where there is one already, since somebody may have edited it.
    """
    if not path.parent.is_dir():
        raise HistoryError(f"There is no folder {path.parent}: make it, or write elsewhere.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(layout_text(proposal))
    except FileExistsError as error:
        raise HistoryError(
            f"{path} is there already, perhaps with your edits: name another file."
        ) from error
    except OSError as error:
        raise HistoryError(f"{path} cannot be written ({error.strerror}): name another.") from error


def _head(proposal: Proposal) -> list[str]:
    rows = counted(proposal.rows, "row") + ("" if proposal.whole else " from all over")
    return [
        *_comment(
            f"Proposed by 'lamplighter history describe' from {rows} of {proposal.file} "
            f"({proposal.kind}). A number in parentheses says how sure a line is, from 0 to 1, and "
            "what that rests on. Read it line by line, mend what is wrong, and use it: "
            f"lamplighter history read {proposal.file} --layout THIS_FILE -o calls.parquet"
        ),
        "layout: proposed",
        f"city: {_quoted(proposal.city or 'My City, State')}"
        + ("" if proposal.city else "  # (0) write the city's name"),
        f"about: {_quoted(f'Proposed from {proposal.file}.')}",
        f"time zone: {_quoted(proposal.time_zone or '?')}  "
        + _sure(proposal.time_zone_guess.confidence, proposal.time_zone_guess.because)
        + ("" if proposal.time_zone else ": write one like America/Chicago"),
        "",
    ]


def _file_form(form: FileForm) -> list[str]:
    lines = []
    if form.delimiter != ",":
        lines.append(f"  delimiter: {_quoted(form.delimiter)}")
    if not form.header:
        lines.append("  header: false  # the columns are called 'column 1', 'column 2' and so on")
    if form.skip:
        lines.append(f"  skip: {form.skip}  # lines before the header or the first call")
    if form.sheet:
        lines.append(f"  sheet: {_quoted(form.sheet)}")
    return ["file:", *lines, ""] if lines else []


def _columns(proposal: Proposal) -> list[str]:
    order = {field: position for position, field in enumerate(FIELDS)}
    lines = ["columns:"]
    for guess in sorted(proposal.columns, key=lambda guess: order[guess.field]):
        names = [_quoted(name) for name in guess.columns]
        value = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        lines.append(f"  {guess.field}: {value}  {_sure(guess.confidence, guess.because)}")
    if proposal.unused:
        lines += _comment(f"Not used: {', '.join(proposal.unused)}.")
    return [*lines, ""]


def _times(proposal: Proposal) -> list[str]:
    guess = proposal.time_formats_guess
    return [
        _sure(guess.confidence, guess.because),
        f"time formats: {_list(proposal.time_formats)}",
        f"other encodings: {_list(proposal.other_encodings)}",
        f"never: [{', '.join(day.isoformat() for day in proposal.never)}]",
        *(["rows of one call: joined"] if proposal.rows_joined else []),
        "",
    ]


def _bounds(proposal: Proposal) -> list[str]:
    box = proposal.bounds
    if box is None:
        return []
    return [
        _sure(proposal.bounds_guess.confidence, proposal.bounds_guess.because),
        f"bounds: {{south: {box.south}, north: {box.north}, west: {box.west}, east: {box.east}}}",
        "",
    ]


def _natures(proposal: Proposal) -> list[str]:
    if not proposal.natures:
        return ["natures: []", ""]
    lines = ["natures:"]
    for guess in proposal.natures:
        lines += _nature(guess, proposal.code_rows)
    return [*lines, ""]


def _nature(guess: NatureGuess, all_rows: int) -> list[str]:
    share = guess.rows / all_rows if all_rows else 0.0
    rows = f"{counted(guess.rows, 'row')}, {share:.1%}"
    lines = [f"  {_sure(guess.confidence, rows)}"]
    lead = "  - "
    conditions = (("sources", guess.sources), ("codes", guess.codes), ("suffixes", guess.suffixes))
    for key, values in conditions:
        if values:
            lines += _listed(f"{lead}{key}: ", values)
            lead = "    "
    if guess.nature is not None:
        lines.append(f"    nature: {guess.nature}")
    if guess.started_by is not StartedBy.PUBLIC:
        lines.append(f"    started by: {guess.started_by}")
    lines.append("    because: >-")
    lines += [f"      {line}" for line in wrap(_on_one_line(guess.because), WIDTH - 6)]
    return lines


def _not_understood(proposal: Proposal) -> list[str]:
    lines: list[str] = []
    if proposal.strange_codes:
        rows = sum(code.rows for code in proposal.strange_codes)
        lines += _comment(
            f"{counted(len(proposal.strange_codes), 'code')} ({counted(rows, 'row')}) whose words "
            "tell too little. Put each into an entry above, or leave it out: it then counts as not "
            "understood."
        )
        for code in proposal.strange_codes[:MOST_STRANGE]:
            words = f" ({_on_one_line(code.words)})" if code.words else ""
            lines.append(f"#   {_quoted(code.code)}{words}: {counted(code.rows, 'row')}")
        if more := len(proposal.strange_codes) - MOST_STRANGE:
            lines += [f"#   and {more} more"] if more > 0 else []
    if proposal.rare_codes:
        lines += _comment(
            f"Codes that are seen once or twice, or are long, and are not shown, since they may "
            f"be notes: {proposal.rare_codes:,}."
        )
    for sentence in proposal.not_understood:
        lines += _comment(sentence)
    return ["# ---- not understood", *lines] if lines else []


def _listed(lead: str, values: Sequence[str]) -> list[str]:
    """Write a list in as many lines as it needs."""
    text = f"[{', '.join(_quoted(value) for value in values)}]"
    if len(lead) + len(text) <= WIDTH:
        return [lead + text]
    lines, line = [lead.rstrip()], " " * 6 + "["
    for number, value in enumerate(values):
        part = _quoted(value) + ("]" if number == len(values) - 1 else ",")
        if len(line) + len(part) > WIDTH:
            lines.append(line.rstrip())
            line = " " * 7
        line += part + " "
    return [*lines, line.rstrip()]


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(value) for value in values)}]"


def _quoted(text: str) -> str:
    """Return a text as YAML in double quotes, whatever stands in it."""
    import json

    return "".join(
        one if one.isprintable() else f"\\U{ord(one):08x}"
        for one in json.dumps(text, ensure_ascii=False)
    )


def _sure(confidence: float, because: str) -> str:
    return f"# ({confidence:.2f}) {_on_one_line(because)}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(_on_one_line(text), WIDTH - 2)]


def _on_one_line(text: str) -> str:
    """Names and codes are the city's: one that ends a line would write the next one itself."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
