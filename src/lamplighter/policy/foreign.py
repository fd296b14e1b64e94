"""Files that hold no policy that anybody could mend: documents, images, archives."""

from __future__ import annotations

from lamplighter.file_kinds import not_text
from lamplighter.policy.errors import PolicyError, Problem

_ITSELF = "ask for the policy itself, as .dmn, .csv or .yaml"
_SHEET = "save its sheet as CSV UTF-8, and give that"
_REMEDIES = {
    "a workbook": _SHEET,
    "an OpenDocument file": _SHEET,
    "a file of an older Office program": _SHEET,
    "a ZIP archive that ends in the middle": "save it again, and give that",
    "a ZIP archive that is damaged": "save it again, and give that",
    "a PDF": _ITSELF,
    "an image": _ITSELF,
    "a Word document": _ITSELF,
    "a PowerPoint presentation": _ITSELF,
    "an SQLite database": _ITSELF,
    "an Arrow file": _ITSELF,
    "a Parquet file": _ITSELF,
}


def refuse_foreign(content: bytes, file: str) -> None:
    """Raise PolicyError where a file is no text: how to save text would be no help there."""
    what = not_text(content)
    if what is not None:
        remedy = _REMEDIES.get(what, "unpack it and give the file in it")
        raise PolicyError([Problem(f"this is {what}, not a policy; {remedy}", file, 0, 0)])
