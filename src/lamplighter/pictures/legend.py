"""The strip that tells what the shades of a picture mean."""

from collections.abc import Callable, Sequence

from lamplighter.pictures.scales import STEPS
from lamplighter.pictures.svg import WIDTH, box, line, text

HEIGHT = 40.0


def steps_legend(
    y: float,
    edges: Sequence[float],
    form: Callable[[float], str],
    *,
    name: str,
    none: str = "",
) -> list[str]:
    """Return the five shades side by side, their edges named; `none` names the hatched one."""
    strip = WIDTH * 0.62 if none else WIDTH
    width = strip / STEPS
    parts = [box(index * width, y, width, 12, f"step-{index + 1}") for index in range(STEPS)]
    for index, edge in enumerate(edges):
        anchor = "start" if index == 0 else "end" if index == STEPS and not none else "middle"
        parts.append(line(index * width, y + 12, index * width, y + 16, "axis"))
        parts.append(text(index * width, y + 32, form(edge), css="soft", anchor=anchor))
    if none:
        left = WIDTH * 0.72
        parts.append(
            f'<rect class="edge" x="{left:.1f}" y="{y:.1f}" width="26" height="12" '
            f'fill="url(#{name}-hatch)"/>'
        )
        parts.append(text(left, y + 32, none, css="soft"))
    return parts
