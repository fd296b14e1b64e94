"""A number with its noun, for sentences in English."""


def counted(number: int, noun: str) -> str:
    """The number, and the noun in the singular where it is one.

    >>> counted(1, "row"), counted(2_000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
