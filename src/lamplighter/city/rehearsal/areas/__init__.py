"""Areas that somebody brings: read, shown on maps, told whom they count, put away."""
