"""Print a proposal for a person who reads it in a terminal."""

from typing import TYPE_CHECKING

from lamplighter.history.counted import counted
from lamplighter.history.describing.proposal import Proposal
from lamplighter.history.layout import FIELDS

if TYPE_CHECKING:
    from rich.console import Console

MOST_NATURES = 12


def print_proposal(proposal: Proposal, console: "Console") -> None:
    """Print what was found, how sure it is, and what was not understood."""
    from rich.table import Table
    from rich.text import Text

    looked_at = "all" if proposal.whole else "a sample of"
    console.print(
        f"{proposal.file}: {proposal.kind}, {looked_at} {counted(proposal.rows, 'row')} looked at",
        highlight=False,
        markup=False,
    )
    table = Table("field", "column", "sure", "rests on")
    order = {field: position for position, field in enumerate(FIELDS)}
    for guess in sorted(proposal.columns, key=lambda guess: order[guess.field]):
        row = (guess.field, " + ".join(guess.columns), f"{guess.confidence:.2f}", guess.because)
        table.add_row(*(Text(text) for text in row))
    formats = ", ".join(proposal.time_formats)
    box = proposal.bounds
    bounds = f"{box.south} to {box.north}, {box.west} to {box.east}" if box else "none"
    for name, text, part in (
        ("time formats", formats or "none", proposal.time_formats_guess),
        ("time zone", proposal.time_zone or "?", proposal.time_zone_guess),
        ("bounds", bounds, proposal.bounds_guess),
    ):
        table.add_row(name, Text(text), f"{part.confidence:.2f}", Text(part.because))
    console.print(table)
    _print_natures(proposal, console)
    if proposal.city is None:
        console.print("- The city's name is not told: write it, since reports name the city.")
    for sentence in proposal.not_understood:
        console.print(f"- {sentence}", highlight=False, markup=False)


def _print_natures(proposal: Proposal, console: "Console") -> None:
    from rich.table import Table

    table = Table("nature", "started by", "codes", "rows", "sure, at least")
    for guess in proposal.natures[:MOST_NATURES]:
        table.add_row(
            guess.nature or "",
            guess.started_by.value,
            str(len(guess.codes)),
            f"{guess.rows:,}",
            f"{guess.confidence:.2f}",
        )
    if proposal.natures:
        console.print(table)
    if more := len(proposal.natures) - MOST_NATURES:
        console.print(
            f"and {counted(more, 'more group')} of codes" if more > 0 else "", highlight=False
        )
    share = proposal.explained_rows / proposal.code_rows if proposal.code_rows else 0.0
    strange = len(proposal.strange_codes) + proposal.rare_codes
    console.print(
        f"{share:.1%} of the rows have a code whose words tell something; "
        f"of {counted(strange, 'code')} the words tell nothing.",
        highlight=False,
    )
