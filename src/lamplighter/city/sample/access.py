"""The access of the simulated desk and teams: tokens in one file that only its owner can read."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from lamplighter.city.accounts.models import User
from lamplighter.city.accounts.tokens import issue_token, user_of_token
from lamplighter.city.dispatch.models import Unit

from .staff import crew_of, simulated_desk

FILE = "tokens.json"
NAME = "lamplighter play"


def tokens_at(home: Path, now: datetime) -> Path:
    """The file of tokens for `lamplighter play`, made anew where one in it no longer opens."""
    path = home / FILE
    kept = _read(path)
    wanted = _wanted()
    if set(kept["crews"]) == {key for key in wanted if key} and all(
        user_of_token(kept["crews"][key] if key else kept["desk"], now) == user
        for key, user in wanted.items()
    ):
        return path
    secrets = {
        key: issue_token(user, NAME, by=None, now=now).secret for key, user in wanted.items()
    }
    desk = secrets.pop("")
    _write(path, {"desk": desk, "crews": secrets})
    return path


def _wanted() -> dict[str, User]:
    """Who acts: for each unit's id one of its crew; under the empty key the simulated desk."""
    people = {user.username: user for user in User.objects.all()}
    crews = {
        str(unit.pk): people[crew[0]] for unit in Unit.objects.all() if (crew := crew_of(unit))
    }
    return {"": simulated_desk(), **crews}


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        return {"desk": str(kept["desk"]), "crews": dict(kept["crews"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"desk": "", "crews": {}}


def _write(path: Path, tokens: dict[str, Any]) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(tokens, file, indent=1)
    new.replace(path)
