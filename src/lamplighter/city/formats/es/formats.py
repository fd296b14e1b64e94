"""Numbers in Spanish with the signs that this country uses, as in our reports: 58,957.5."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
