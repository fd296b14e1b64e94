"""A file that somebody brings, as the text of a draft."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal

LARGEST_FILE = 5_000_000


def text_of_upload(file: UploadedFile) -> str:
    """The YAML of an uploaded file.

    Raises Refusal, in one sentence, for a file that is too large or of which nothing can be read.
    """
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal("file-too-large", _("The file is larger than 5 MB: choose a smaller one."))
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("file-not-text", _("The file is not UTF-8 text: save it so.")) from None
    if not text.strip():
        raise Refusal("file-empty", _("The file is empty."))
    return text
