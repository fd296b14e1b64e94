"""Sentences of the library on our pages, in the reader's language where it has them."""

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lamplighter.history.spanish import Told
from lamplighter.history.spanish_texts import ONCE_SAID, TEXTS

register = template.Library()

# What a process of its own says where the database refuses what it found.
NOT_KEPT = (
    "What was found could not be kept ({why}): tell whoever runs the city.",
    "Lo que se encontró no se pudo guardar ({why}): avise a quien administra la ciudad.",
)
# How a misspelt name is answered.
_HINTS = ("did-you-mean", "there-are-none", "use-one-of", "use-one-of-many")


@register.filter
def told(sentence: str) -> SafeString:
    """A sentence that was kept in English, for this reader; marked where it stays English."""
    if not (get_language() or "en").startswith("es"):
        return conditional_escape(sentence)
    lines = [_told().in_spanish(line) for line in sentence.split("\n")]
    if all(lines):
        return conditional_escape("\n".join(line for line in lines if line))
    return format_html('<span lang="en">{}</span>', sentence)


@lru_cache
def _told() -> Told:
    """Of call files and areas, and of teams that do not fit a city."""
    from lamplighter.policy.sentence_texts import TEXTS as OF_POLICIES
    from lamplighter.rehearsal.teams_file.sentence_texts import TEXTS as OF_TEAMS

    others = [OF_POLICIES[hint] for hint in _HINTS]
    others += [words for code, words in OF_TEAMS.items() if code.startswith(("area.", "base."))]
    # Of one base that is far there is nothing more to say.
    others += [
        {language: said.replace("{more}", "") for language, said in OF_TEAMS[code].items()}
        for code in ("base.far", "base.far-from-calls")
    ]
    # With the stop that ends a sentence, and without, where a question ends it.
    ends = [(words["en"] + end, words["es"] + end) for words in others for end in ("", ".")]
    return Told([*TEXTS, *ONCE_SAID, NOT_KEPT, *ends])
