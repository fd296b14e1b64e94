"""Files that hold no policy that anybody could mend: documents, images, archives."""

from __future__ import annotations

from lamplighter.file_kinds import not_text
from lamplighter.policy.errors import PolicyError, Problem
from lamplighter.policy.sentences import worded

# What to do, in English and in Spanish.
_ITSELF = (
    "ask for the policy itself, as .dmn, .xlsx, .csv or .yaml",
    "pida la política misma, como .dmn, .xlsx, .csv o .yaml",
)
_SHEET = (
    "open it in a spreadsheet program, save it there in the format XLSX, under a name that ends "
    "in .xlsx, and give that",
    "ábralo en un programa de hojas de cálculo, guárdelo allí en el formato XLSX, con un nombre "
    "que termine en .xlsx, e indique ese",
)
_AGAIN = ("save it again, and give that", "guárdelo de nuevo e indique ese")
_UNPACK = (
    "unpack it and give the file in it",
    "descomprímalo e indique el archivo que tiene dentro",
)
# What each kind is called in Spanish, and what to do.
_KINDS = {
    "a workbook": ("un libro de hojas de cálculo", _SHEET),
    "an OpenDocument file": ("un archivo OpenDocument", _SHEET),
    "a file of an older Office program": ("un archivo de un Office más antiguo", _SHEET),
    "a ZIP archive": ("un archivo ZIP", _UNPACK),
    "a ZIP archive that is of a later version": ("un archivo ZIP de una versión nueva", _UNPACK),
    "a ZIP archive that ends in the middle": ("un archivo ZIP cortado a la mitad", _AGAIN),
    "a ZIP archive that is damaged": ("un archivo ZIP dañado", _AGAIN),
    "a PDF": ("un PDF", _ITSELF),
    "an image": ("una imagen", _ITSELF),
    "a Word document": ("un documento de Word", _ITSELF),
    "a PowerPoint presentation": ("una presentación de PowerPoint", _ITSELF),
    "an SQLite database": ("una base de datos SQLite", _ITSELF),
    "an Arrow file": ("un archivo Arrow", _ITSELF),
    "a Parquet file": ("un archivo Parquet", _ITSELF),
    "a 7-Zip archive": ("un archivo 7-Zip", _UNPACK),
    "a RAR archive": ("un archivo RAR", _UNPACK),
}


def refuse_foreign(content: bytes, file: str) -> None:
    """Raise PolicyError where a file is no text: how to save text would be no help there."""
    what = not_text(content)
    if what is None:
        return
    spanish, remedy = _KINDS.get(what, (f"un archivo {what}", _UNPACK))
    said = worded(
        f"this is {what}, not a policy; {remedy[0]}",
        f"esto es {spanish}, no una política; {remedy[1]}",
    )
    raise PolicyError([Problem(str(said), file, 0, 0, said=said)])
