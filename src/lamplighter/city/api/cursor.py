"""Cursors: where the next page of a list begins, in a text that means nothing to others."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: when it was opened and which it is."""

    opened_at: datetime
    id: UUID

    def written(self) -> str:
        """The cursor as it is sent."""
        return base64.urlsafe_b64encode(f"{self.opened_at.isoformat()} {self.id}".encode()).decode()

    def after(self) -> Q:
        """What stands after this row in a list that is sorted latest first."""
        return Q(opened_at__lt=self.opened_at) | Q(opened_at=self.opened_at, id__lt=self.id)


def read_cursor(text: str) -> Cursor:
    """The cursor that `written` wrote; refused when it is another text."""
    try:
        opened_at, id_ = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
        opened = datetime.fromisoformat(opened_at)
        cursor = Cursor(opened.astimezone(UTC), UUID(id_)) if opened.tzinfo else None
    except (ValueError, OverflowError):
        cursor = None
    if cursor is None:
        raise Refusal(
            "not-a-cursor",
            _("This cursor is not one that was given here: leave it out to begin again."),
            field="cursor",
        )
    return cursor
