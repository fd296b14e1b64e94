"""The answer of a rehearsal for the terminal: the question and the four answers."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.answer import cards, question, who
from lamplighter.rehearsal.report.parts.staff import staffing_said
from lamplighter.rehearsal.report.say import Language, Say
from lamplighter.rehearsal.report.shown import Shown


def print_answer(rehearsal: Rehearsal, language: Language, console: Console) -> None:
    """Print what was asked, what came of it, and what a search for a staffing found."""
    shown, say = Shown(rehearsal), Say(language)
    console.print(f"[bold]{escape(question(shown, say))}[/bold]")
    console.print(escape(who(shown, say)), style="dim")
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column()
    for card in cards(shown, say):
        table.add_row(escape(card.figure), escape(card.sentence))
    console.print(table)
    if rehearsal.staffing is not None:
        for said in staffing_said(rehearsal.staffing):
            console.print(escape(said.in_language(language)), highlight=False)
