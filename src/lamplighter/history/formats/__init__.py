"""The formats that call files come in, each read as tables of texts."""
