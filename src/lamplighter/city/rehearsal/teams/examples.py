"""The team file that stands in the form where nobody has written one yet."""

from importlib.resources import files


def example_teams() -> str:
    """The shipped example, to be changed to the city's own teams."""
    return (files("lamplighter.rehearsal.teams_file") / "shipped" / "example_teams.yaml").read_text(
        encoding="utf-8"
    )
