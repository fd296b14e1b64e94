"""What a draft declares, written by forms: its tables, its facts, its answers, its promises.

The text stays what counts (decision 0009): a form rewrites the lines of what it changed, and
nothing else; what is renamed is renamed in the cells and promises that use it.
"""
