"""Every sentence that a page shows has its Spanish, and the tool that says so can be trusted."""

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/translations.py"


def _load():
    spec = importlib.util.spec_from_file_location("translations_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


translations = _load()


@pytest.fixture
def city(tmp_path):
    """A city with one room, a template and a module, and no Spanish yet."""
    templates = tmp_path / "intake/templates"
    templates.mkdir(parents=True)
    (tmp_path / "intake/__init__.py").touch()
    (templates / "call.html").write_text(
        "{% load i18n %}\n  <h1>{% trans 'Take a call' %}</h1>\n"
        "  {% blocktrans count n=n %}{{ n }} call{% plural %}{{ n }} calls{% endblocktrans %}\n"
    )
    (tmp_path / "intake/actions.py").write_text("refuse(_('Unit %(name)s is busy.'))\n")
    return tmp_path


def fill_in(city, **spanish):
    room = next(room for room in translations.rooms(city) if room.name == "intake")
    catalog = room.catalog()
    for message in catalog:
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        if key in spanish:
            message.string = spanish[key]
    room.po.write_bytes(translations.po_text(catalog))


SPANISH = {
    "Take a call": "Atender una llamada",
    "%(n)s call": ("%(n)s llamada", "%(n)s llamadas"),
    "Unit %(name)s is busy.": "La unidad %(name)s está ocupada.",
}


def test_it_finds_every_sentence_of_the_city_translated():
    assert translations.problems(translations.CITY) == []


def test_it_names_each_sentence_without_spanish_and_where_it_stands(city):
    translations.update(city)
    found = translations.problems(city)
    assert len(found) == 3
    assert any("intake/actions.py" in line and "is busy" in line for line in found)
    assert any("intake/templates/call.html" in line and "Take a call" in line for line in found)


def test_it_is_content_once_all_have_their_spanish(city):
    translations.update(city)
    fill_in(city, **SPANISH)
    assert translations.problems(city) == []


def test_it_refuses_spanish_that_drops_a_placeholder(city):
    translations.update(city)
    fill_in(city, **SPANISH | {"Unit %(name)s is busy.": "La unidad está ocupada."})
    assert [line for line in translations.problems(city) if "placeholders" in line]


def test_it_keeps_known_spanish_and_drops_what_is_no_longer_said(city):
    translations.update(city)
    fill_in(city, **SPANISH)
    (city / "intake/actions.py").write_text("refuse(_('Choose another unit.'))\n")
    translations.update(city)
    text = (city / "intake/locale/es/LC_MESSAGES/django.po").read_text()
    assert "Atender una llamada" in text
    assert "is busy" not in text
    assert "Choose another unit." in text


def test_it_writes_the_same_file_twice(city):
    translations.update(city)
    po = city / "intake/locale/es/LC_MESSAGES/django.po"
    before = po.read_bytes()
    translations.update(city)
    assert po.read_bytes() == before
