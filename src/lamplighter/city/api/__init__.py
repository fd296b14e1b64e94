"""The verbs of the pages, for programs."""
