"""DMN models that import others: looked for in the same folder, by namespace, and nowhere else."""

import os

import pytest

from lamplighter.policy import PolicyError
from lamplighter.policy.dmn import policy_from_dmn, read_model
from lamplighter.policy.feel import evaluate, show
from tests.policy.test_dmn_models import DMN_15, decision, given, literal, needs

DMN_12 = "http://www.omg.org/spec/DMN/20180521/MODEL/"


@pytest.fixture
def write(tmp_path):
    def run(name, *parts, namespace=DMN_15, folder="."):
        path = tmp_path / folder / f"{name}.dmn"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f'<definitions xmlns="{namespace}" name="{name}" namespace="urn:{name}">'
            f"{''.join(parts)}</definitions>",
            encoding="utf-8",
        )
        return path

    return run


def imports(*names, **named):
    both = [*((one, "") for one in names), *((one, name) for name, one in named.items())]
    return "".join(f'<import namespace="urn:{one}" name="{name}"/>' for one, name in both)


def foreign(model, name, kind="Decision", requirement="information"):
    return needs(name, kind=kind, requirement=requirement).replace("#", f"urn:{model}#")


def test_what_is_imported_stands_behind_the_name_of_the_import(write):
    write(
        "beds",
        imports(city="town"),
        given("night", "string"),
        '<itemDefinition name="tRows" isCollection="true"><typeRef>string</typeRef>'
        "</itemDefinition>",
        decision(
            "free beds", literal("night + city.season"), needs("night") + foreign("town", "s")
        ),
        '<businessKnowledgeModel id="twice" name="twice it"><encapsulatedLogic>'
        f'<formalParameter name="n"/>{literal("n + n")}</encapsulatedLogic>'
        "</businessKnowledgeModel>",
        '<decisionService id="ask" name="ask"><outputDecision href="#rows"/>'
        '<inputData href="#night"/></decisionService>',
        decision("rows", literal("night"), needs("night"), typed="tRows"),
        namespace=DMN_12,
    )
    season = decision("season", literal("night"), needs("night")).replace('id="season"', 'id="s"')
    write("town", given("night"), season)
    desk = write(
        "desk",
        imports(b="beds", t="town"),
        given("night"),
        decision(
            "all",
            literal("[night, b.night, b.free beds, t.season]"),
            needs("night")
            + foreign("beds", "night", "Input")
            + foreign("beds", "free beds")
            + foreign("town", "s"),
        ),
        decision(
            "called",
            literal(
                '[b.twice it("x"), b.ask(night: "y"), mine(b.night: "z"), ["w"] instance '
                "of b.tRows]"
            ),
            foreign("beds", "twice", "Knowledge", "knowledge")
            + foreign("beds", "ask", "Knowledge", "knowledge")
            + needs("mine", kind="Knowledge", requirement="knowledge"),
        ),
        '<decisionService id="mine" name="mine"><outputDecision href="urn:beds#rows"/>'
        '<inputData href="urn:beds#night"/></decisionService>',
    )
    model = read_model(desk)
    inputs = {"night": "1", "b.night": "2", "b.city.night": "3", "t.night": "4"}
    assert model.decide("all", inputs) == ("1", "2", "23", "4")
    # An input that is given once serves all models that have none of their own.
    assert model.decide("all", {"night": "1", "urn:town#night": "5"}) == ("1", "1", "15", "5")
    assert model.decide("called", {}) == ("xx", ("y",), ("z",), True)


def test_a_name_may_stand_in_several_models(write):
    write("tax", given("rate"))
    write("inn", given("beds", "number"), decision("price", literal("3 * beds"), needs("beds")))
    write(
        "camp",
        imports(tax="tax"),
        given("beds", "number"),
        decision(
            "price",
            literal("5 * beds + tax.rate"),
            needs("beds") + foreign("tax", "rate", "Input"),
        ),
    )
    both = "".join(f'<outputDecision href="urn:{one}#price"/>' for one in ("inn", "camp"))
    facts = [("inn", "beds"), ("camp", "beds"), ("tax", "rate")]
    both += "".join(f'<inputData href="urn:{model}#{name}"/>' for model, name in facts)
    desk = write(
        "desk",
        imports("camp", inn="inn"),
        f'<decisionService id="both" name="both">{both}</decisionService>',
        decision(
            "sum", literal("inn.price + price"), foreign("inn", "price") + foreign("camp", "price")
        ),
        decision(
            "asks",
            literal("both(1, 2, 3)"),
            needs("both", kind="Knowledge", requirement="knowledge"),
        ),
    )
    model = read_model(desk)
    beds = {"urn:inn#beds": evaluate("2"), "urn:camp#beds": evaluate("4")}
    rate = {"urn:tax#rate": evaluate("7")}
    assert show(model.decide("both", beds | rate)) == "{inn: {price: 6}, price: 27}"
    assert show(model.decide("asks", {})) == "{inn: {price: 3}, price: 13}"
    # What is decided elsewhere is given by its namespace too.
    told = {"urn:inn#price": evaluate("100"), "urn:camp#price": evaluate("1")}
    assert show(model.decide("sum", beds | rate | told)) == "101"
    assert show(model.decide("sum", beds | rate | {"price": evaluate("1")})) == "7"


def test_an_import_without_a_name_puts_the_parts_behind_its_own(write):
    def says(name, text=None, *requires):
        return decision(name, literal(text or f'"{name}"'), needs(*requires, kind="Decision"))

    write("near", imports("far", "desk"), says("where", '"near"'), says("asks", "own", "own"))
    write("far", says("where", '"far"'), says("deep"), says("own", '"far"'))
    write("last", says("deep", '"last"'), says("end"))
    desk = write(
        "desk",
        imports("near", "last", "desk"),
        says("own", '"desk"'),
        says("all", "[where, deep, end, asks]", "where", "deep", "end", "asks"),
    )
    assert read_model(desk).decide("all", {}) == ("near", "deep", "end", "desk")
    assert read_model(desk).decide("deep", {}) == "deep"


def test_nothing_outside_of_the_folder_is_opened(write, tmp_path):
    secret = write("secret", decision("s", literal("1")), folder="inner")
    (tmp_path / "link.dmn").symlink_to(secret)
    line = imports(x="secret").replace("/>", ' locationURI="inner/secret.dmn"/>')
    path = write("desk", line)
    with pytest.raises(PolicyError) as caught:
        read_model(path)
    assert str(caught.value) == (
        f"{path}, line 1: <import>: the model imports x; "
        "put the DMN file with the namespace urn:secret beside it."
    )


def test_imports_that_go_round_and_what_is_not_imported_are_named(write):
    write("b", imports(a="a"))
    path = write("a", imports(b="b"), decision("d", literal("1"), foreign("c", "x")))
    with pytest.raises(PolicyError) as caught:
        read_model(path)
    assert [problem.message for problem in caught.value.problems] == [
        "<requiredDecision>: urn:c#x lies in a model that is not imported; "
        "import it or take this out",
        "<import>: a is imported in a circle; take one import out",
    ]


def test_a_policy_is_one_file(write):
    write("b")
    with pytest.raises(PolicyError, match="imports b; put its definitions into this file"):
        policy_from_dmn(write("a", imports(b="b")))


@pytest.mark.parametrize("named", [True, False])
def test_a_chain_of_imports_ends_in_a_sentence(write, named):
    for n in range(400):
        following = f"m{n + 1}"
        write(f"m{n}", imports(next=following) if named else imports(following))
    with pytest.raises(PolicyError, match="name more than 100 others; take some of them out"):
        read_model(write("desk", imports("m0")))


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever is root may read all files")
def test_a_file_beside_it_that_may_not_be_read_is_not_looked_at(write):
    write("closed").chmod(0)
    desk = write("desk", imports(o="open"), decision("d", literal("1")))
    write("open")
    assert read_model(desk).decide("d", {}) == 1
