"""What a reader of team files says is wrong, by code, in English and in Spanish."""

from lamplighter.policy.sentences import sayer
from lamplighter.rehearsal.teams_file.sentence_texts import TEXTS

say = sayer(TEXTS)
