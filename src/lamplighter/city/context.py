"""What every template knows: which city this is, and where a person may go."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    return {"sample_city": settings.SAMPLE_CITY, "navigation": []}
