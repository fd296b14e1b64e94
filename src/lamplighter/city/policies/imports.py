"""A file that somebody brings, as the text of a draft: YAML, a sheet (XLSX, CSV) or DMN."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy, PolicyError
from lamplighter.policy.errors import Problem
from lamplighter.policy.foreign import refuse_foreign

LARGEST_FILE = 5_000_000


def text_of_upload(file: UploadedFile) -> str:
    """The YAML of an uploaded file; the library reads the other forms.

    A YAML file is taken as it is, faults and all: they are mended in the draft. Raises Refusal for
    a file that is too large, that is no text, or that is no policy in its own form.
    """
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal("file-too-large", _("The file is larger than 5 MB: choose a smaller one."))
    ending = Path(file.name or "").suffix.lower()
    if ending == ".csv":
        from lamplighter.policy.sheet import policy_from_csv

        return _converted(file, "policy.csv", policy_from_csv)
    if ending == ".xlsx":
        from lamplighter.policy.sheet import policy_from_xlsx

        return _converted(file, "policy.xlsx", policy_from_xlsx)
    if ending in (".dmn", ".xml"):
        from lamplighter.policy.dmn import policy_from_dmn

        return _converted(file, "policy.dmn", policy_from_dmn)
    content = file.read()
    try:
        refuse_foreign(content, "policy.yaml")
        text = content.decode("utf-8-sig")
    except PolicyError as error:
        raise _no_policy(error.problems[0]) from None
    except UnicodeDecodeError:
        raise Refusal("file-not-text", _("The file is not UTF-8 text: save it so.")) from None
    if not text.strip():
        raise Refusal("file-empty", _("The file is empty."))
    return text


def _converted(file: UploadedFile, name: str, read: Callable[[Path], Policy]) -> str:
    from lamplighter.policy.writer import policy_to_yaml

    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(file.read())
        try:
            return policy_to_yaml(read(path))
        except PolicyError as error:
            raise _no_policy(replace(error.problems[0], file=name)) from None


def _no_policy(problem: Problem) -> Refusal:
    told = problem.in_language(get_language() or "en")
    sentence = _("The file cannot be read as a policy: %(problem)s") % {"problem": told}
    return Refusal("file-not-a-policy", sentence)
