"""The style sheet of the pictures."""

from importlib import resources


def sheet() -> str:
    """Return the CSS of pictures and figures; it needs no other sheet, and fits the house's."""
    return resources.files(__package__).joinpath("pictures.css").read_text("utf-8")
