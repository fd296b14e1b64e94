"""The answer of a rehearsal for the terminal: the question and the four answers."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.answer import cards, question, who
from lamplighter.rehearsal.report.say import Language, Say
from lamplighter.rehearsal.report.shown import Shown


def print_answer(rehearsal: Rehearsal, language: Language, console: Console) -> None:
    """Print what was asked and what came of it."""
    shown, say = Shown(rehearsal), Say(language)
    console.print(f"[bold]{escape(question(shown, say))}[/bold]")
    console.print(escape(who(shown, say)), style="dim")
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column()
    for card in cards(shown, say):
        table.add_row(escape(card.figure), escape(card.sentence))
    console.print(table)
