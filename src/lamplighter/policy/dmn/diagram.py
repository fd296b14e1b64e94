"""The picture of a model: boxes in rows and the lines between them, for tools that draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_DMNDI = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
_DI = "http://www.omg.org/spec/DMN/20180521/DI/"
_WIDTH, _HEIGHT, _GAP = 160, 60, 40
_IN_A_ROW = 8


def add_diagram(root: _Element, inputs: list[str], decisions: list[str]) -> None:
    """Adds the diagram: decisions above each other in their order, inputs in rows below."""
    from lxml import etree

    holder = etree.SubElement(
        root, f"{{{_DMNDI}}}DMNDI", nsmap={"dmndi": _DMNDI, "dc": _DC, "di": _DI}
    )
    diagram = etree.SubElement(holder, f"{{{_DMNDI}}}DMNDiagram", id="diagram")
    places: dict[str, tuple[int, int]] = {}
    for row, name in enumerate(reversed(decisions)):
        places[name] = (_GAP, _GAP + row * (_HEIGHT + _GAP))
    below = _GAP + len(decisions) * (_HEIGHT + _GAP)
    for number, name in enumerate(inputs):
        row, column = divmod(number, _IN_A_ROW)
        places[name] = (_GAP + column * (_WIDTH + _GAP), below + row * (_HEIGHT + _GAP))
    for name, (x, y) in places.items():
        shape = etree.SubElement(diagram, f"{{{_DMNDI}}}DMNShape", id=f"shape_{name}")
        shape.set("dmnElementRef", name)
        bounds = etree.SubElement(shape, f"{{{_DC}}}Bounds")
        for key, value in (("x", x), ("y", y), ("width", _WIDTH), ("height", _HEIGHT)):
            bounds.set(key, str(value))
    model = etree.QName(root).namespace
    for decision in root.iterfind(f"{{{model}}}decision"):
        for count, requirement in enumerate(
            decision.iterfind(f"{{{model}}}informationRequirement")
        ):
            requirement.set("id", f"{decision.get('id')}_needs_{count}")
            edge = etree.SubElement(diagram, f"{{{_DMNDI}}}DMNEdge")
            edge.set("id", f"edge_{requirement.get('id')}")
            edge.set("dmnElementRef", str(requirement.get("id")))
            start = str(requirement[0].get("href"))[1:]
            for name, lower in ((start, 0), (str(decision.get("id")), _HEIGHT)):
                x, y = places[name]
                point = etree.SubElement(edge, f"{{{_DI}}}waypoint")
                point.set("x", str(x + _WIDTH // 2))
                point.set("y", str(y + lower))
