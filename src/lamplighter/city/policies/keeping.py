"""What a process of its own has found is kept, whatever signs are in a history's words."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet


def keep_found(asked: "QuerySet[Any]", found: Mapping[str, Any], at: datetime) -> None:
    """Keep what was found, by fields, as far as a database can; or one sentence that it cannot."""
    from django.db import DatabaseError, transaction

    from lamplighter.city.told import NOT_KEPT

    from .call_files.proposed import storable

    try:
        with transaction.atomic():
            asked.update(**storable(found), done_at=at)
    except DatabaseError as error:
        asked.update(failed=NOT_KEPT[0].format(why=type(error).__name__), done_at=at)
