"""How many teams it takes: a target is asked for, searched, and its plans are shown."""
