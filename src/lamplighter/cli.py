"""The `lamplighter` command: finds the sub-command and imports only what that one needs."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

_SUB_APPS = {
    "policy": ("lamplighter.policy.command", "Read, check and try the rules that decide."),
    "history": ("lamplighter.history.command", "Bring years of calls from any city's files."),
    "city": ("lamplighter.city.command", "Start a city and look after it."),
    "journal": ("lamplighter.city.journal.command", "Look after the record of every act."),
}
# Commands that stand at the top without a group.
_ALONE = {
    "teams": ("lamplighter.rehearsal.command", "Write an example team file for a city's calls."),
    "rehearse": ("lamplighter.rehearsal.command", "What would happen here, if we did this."),
    "play": ("lamplighter.city.command", "Feed a history's calls to a running city."),
}


class _Later(TyperCommand):
    """A sub-command that is imported when it is used, so that the others start fast."""

    def __init__(self, name: str, module: str, summary: str, inner: str | None = None) -> None:
        super().__init__(name, help=summary, short_help=summary)
        self._module = module
        self._inner = inner

    def make_context(self, *args: Any, **options: Any) -> Any:
        # The context then belongs to the real command, which is what runs in the end.
        group: Any = typer.main.get_group(import_module(self._module).app)
        command = group.commands[self._inner] if self._inner else group
        return command.make_context(*args, **options)


class _Commands(TyperGroup):
    """The commands by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*_SUB_APPS, *_ALONE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in _SUB_APPS:
            return _Later(cmd_name, *_SUB_APPS[cmd_name])
        if cmd_name in _ALONE:
            return _Later(cmd_name, *_ALONE[cmd_name], cmd_name)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        # What is offered after a misspelt name is looked up here; it is otherwise empty.
        offered: Any = dict.fromkeys(self.list_commands(ctx))
        self.commands = offered
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] == "lamplighter":
                raise
            typer.echo(
                f"This command needs the module {missing.name}; install the web parts with "
                "`pip install 'lamplighter[city]'`.",
                err=True,
            )
            sys.exit(2)


main = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Send the people who can help, follow through, and show the evidence.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lamplighter {version('lamplighter')}")
        raise typer.Exit


@main.callback()
def _options(
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Send the people who can help, follow through, and show the evidence."""
