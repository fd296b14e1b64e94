"""A city's own call file becomes a history: brought, laid out by a person, read, and deleted.

What the page is given is never trusted: the client's name of a file is words to show, not a path,
and the library tells by its bytes what a file is.
"""
