"""Teams as somebody changes them: the file as text, the same as a table, an example."""
