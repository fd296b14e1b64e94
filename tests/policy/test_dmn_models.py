"""DMN models: every kind of boxed expression, every hit policy, functions, services, types."""

import pytest

from lamplighter.policy import PolicyError
from lamplighter.policy.dmn import UnknownDecision, read_model
from lamplighter.policy.dmn.xml import NAMESPACES
from lamplighter.policy.feel import evaluate, show

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


@pytest.fixture
def model(tmp_path):
    def make(body, namespace=DMN_15, prefix="", **options):
        path = tmp_path / "model.dmn"
        colon = f"xmlns:{prefix}" if prefix else "xmlns"
        name = f"{prefix}:definitions" if prefix else "definitions"
        path.write_text(
            f'<{name} {colon}="{namespace}" name="m" namespace="urn:m">{body}</{name}>',
            encoding="utf-8",
        )
        return read_model(path, **options)

    return make


def literal(text, **attributes):
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression{said}><text>{text}</text></literalExpression>"


def needs(*names, kind="Input", requirement="information"):
    return "".join(
        f'<{requirement}Requirement><required{kind} href="#{name}"/></{requirement}Requirement>'
        for name in names
    )


def decision(name, logic, requires="", typed=""):
    kind = f' typeRef="{typed}"' if typed else ""
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"{kind}/>'
        f"{requires}{logic}</decision>"
    )


def given(name, typed="Any"):
    variable = f'<variable name="{name}" typeRef="{typed}"/>'
    return f'<inputData id="{name}" name="{name}">{variable}</inputData>'


def value(found):
    return show(found)


@pytest.mark.parametrize(("namespace", "version"), NAMESPACES.items())
def test_it_reads_every_version_with_and_without_a_prefix(model, namespace, version):
    body = decision("d", literal("1 + 1"))
    read = model(body, namespace)
    assert (read.version, value(read.decide("d", {}))) == (version, "2")
    prefixed = body.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    assert value(model(prefixed, namespace, "x").decide("d", {})) == "2"


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (literal("a + 1"), "6"),
        (literal('"x"', typeRef="number"), "null"),
        (literal("[a]", typeRef="number"), "5"),
        (
            "<context><contextEntry><variable name='b c'/>" + literal("a * 2") + "</contextEntry>"
            "<contextEntry><variable name='d'/>" + literal("b c + 1") + "</contextEntry></context>",
            "{b c: 10, d: 11}",
        ),
        (
            "<context><contextEntry><variable name='b'/>" + literal("a * 2") + "</contextEntry>"
            "<contextEntry>" + literal("b + 1") + "</contextEntry></context>",
            "11",
        ),
        (f"<list>{literal('a')}{literal('1 / 0')}</list>", "[5, null]"),
        (
            '<relation><column name="x"/><column name="y z"/>'
            f"<row>{literal('1')}{literal('a')}</row><row>{literal('2')}{literal('3')}</row>"
            "</relation>",
            "[{x: 1, y z: 5}, {x: 2, y z: 3}]",
        ),
        (
            f"<conditional><if>{literal('a > 3')}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>",
            "1",
        ),
        (
            f'<for iteratorVariable="i"><in>{literal("[1, 2, 3]")}</in>'
            f"<return>{literal('i * a + count(partial)')}</return></for>",
            "[5, 11, 17]",
        ),
        (
            f'<some iteratorVariable="i"><in>{literal("[1, 9]")}</in>'
            f"<satisfies>{literal('i > a')}</satisfies></some>",
            "true",
        ),
        (
            f'<every iteratorVariable="i"><in>{literal("[1, 9]")}</in>'
            f"<satisfies>{literal('i > a')}</satisfies></every>",
            "false",
        ),
        (
            f"<filter><in>{literal('[1, 7, 9]')}</in><match>{literal('item > a')}</match></filter>",
            "[7, 9]",
        ),
        (
            f"<filter><in>{literal('[1, 7]')}</in><match>{literal('string(a)')}</match></filter>",
            "null",
        ),
        (
            f"<conditional><if>{literal('string(a)')}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>",
            "null",
        ),
        (
            f'<some iteratorVariable="i"><in>{literal("[1, 5]")}</in>'
            f"<satisfies>{literal('if i = a then true else i')}</satisfies></some>",
            "null",
        ),
        (
            '<relation><column name="x" typeRef="string"/><column name="y"/>'
            f"<row>{literal('a')}{literal('a')}</row></relation>",
            "[{x: null, y: 5}]",
        ),
        (
            '<decisionTable><output name="x" typeRef="string"/><output name="y"/><rule>'
            "<outputEntry><text>a</text></outputEntry><outputEntry><text>a</text></outputEntry>"
            "</rule></decisionTable>",
            "{x: null, y: 5}",
        ),
        (
            "<context><contextEntry><variable name='f' typeRef='string'/>"
            + literal("function(n) n")
            + "</contextEntry><contextEntry>"
            + literal("[f(a), f(string(a))]")
            + "</contextEntry></context>",
            '[null, "5"]',
        ),
        (
            "<context><contextEntry><variable name='f'/><functionDefinition>"
            "<formalParameter name='n' typeRef='number'/>" + literal("n + a") + ""
            "</functionDefinition></contextEntry><contextEntry><invocation>" + literal("f") + ""
            "<binding><parameter name='n'/>" + literal("10") + "</binding></invocation>"
            "</contextEntry></context>",
            "15",
        ),
    ],
)
def test_boxed_expressions(model, logic, expected):
    read = model(given("a", "number") + decision("d", logic, needs("a")))
    assert value(read.decide("d", {"a": evaluate("5")})) == expected


def table(hit, rows, outputs="<output/>", inputs=("a",)):
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in inputs
    )
    rules = ""
    for cells, results in rows:
        rules += "<rule>"
        rules += "".join(f"<inputEntry><text>{one}</text></inputEntry>" for one in cells)
        rules += "".join(f"<outputEntry><text>{one}</text></outputEntry>" for one in results)
        rules += "</rule>"
    return f"<decisionTable {hit}>{columns}{outputs}{rules}</decisionTable>"


ROWS = [(["&gt; 1"], ['"b"']), (["&gt; 2"], ['"a"']), (["&gt; 3"], ['"b"'])]
VALUES = '<output><outputValues><text>"a", "b"</text></outputValues></output>'


@pytest.mark.parametrize(
    ("hit", "answers"),
    [
        ("", {2: '"b"', 3: "null", 0: "null"}),
        ('hitPolicy="UNIQUE"', {2: '"b"', 3: "null"}),
        ('hitPolicy="ANY"', {2: '"b"', 3: "null"}),
        ('hitPolicy="FIRST"', {2: '"b"', 4: '"b"', 0: "null"}),
        ('hitPolicy="PRIORITY"', {2: '"b"', 4: '"a"'}),
        ('hitPolicy="RULE ORDER"', {4: '["b", "a", "b"]', 0: "[]"}),
        ('hitPolicy="OUTPUT ORDER"', {4: '["a", "b", "b"]', 0: "[]"}),
        ('hitPolicy="COLLECT"', {4: '["b", "a", "b"]'}),
        ('hitPolicy="COLLECT" aggregation="COUNT"', {4: "3", 0: "0"}),
        ('hitPolicy="COLLECT" aggregation="MIN"', {4: '"a"', 0: "null"}),
    ],
)
def test_hit_policies(model, hit, answers):
    read = model(given("a", "number") + decision("d", table(hit, ROWS, VALUES), needs("a")))
    for fact, expected in answers.items():
        assert value(read.decide("d", {"a": evaluate(str(fact))})) == expected


def test_sums_and_several_outputs(model):
    rows = [(["-"], ["1", '"x"']), (["&gt; 2"], ["2", '"y"'])]
    outputs = '<output name="n"/><output name="the text"/>'
    body = given("a", "number")
    body += decision("all", table('hitPolicy="RULE ORDER"', rows, outputs), needs("a"))
    body += decision("n", literal("all.n"), needs("all", kind="Decision"))
    body += decision("t", literal("all[1].the text"), needs("all", kind="Decision"))
    single = [(cells, results[:1]) for cells, results in rows]
    hit = 'hitPolicy="COLLECT" aggregation="SUM"'
    body += decision("total", table(hit, single), needs("a"))
    read = model(body)
    facts = {"a": evaluate("3")}
    assert value(read.decide("all", facts)) == '[{n: 1, the text: "x"}, {n: 2, the text: "y"}]'
    assert value(read.decide("n", facts)) == "[1, 2]"
    assert value(read.decide("t", facts)) == '"x"'
    assert value(read.decide("total", facts)) == "3"


def test_a_table_has_default_results_and_allowed_inputs(model):
    default = "<output><defaultOutputEntry><text>0</text></defaultOutputEntry></output>"
    body = given("a") + decision("d", table("", [(["1"], ["10"])], default), needs("a"))
    read = model(body)
    assert value(read.decide("d", {"a": evaluate("1")})) == "10"
    assert value(read.decide("d", {"a": evaluate("2")})) == "0"
    allowed = body.replace(
        "</inputExpression>", "</inputExpression><inputValues><text>1, 2</text></inputValues>"
    )
    answer = model(allowed).answer("d", {"a": evaluate("3")})
    assert (value(answer.value), answer.reasons) == ("0", ("3 is not a value of a in decision d",))
    unreadable = allowed.replace("1, 2", "1,,").replace("<text>1<", "<text>null<")
    assert value(model(unreadable, strict=False).decide("d", {"a": evaluate("2")})) == "10"


def test_a_result_that_its_column_does_not_list_is_null(model):
    outputs = (
        '<output name="who"><outputValues><text>"team", "police"</text></outputValues></output>'
        '<output name="in"/>'
    )
    rows = [(["1"], ['"team"', "5"]), (["2"], ['"taxi"', "9"])]
    body = given("a") + decision("d", table("", rows, outputs), needs("a"))
    read = model(body)
    assert value(read.decide("d", {"a": evaluate("1")})) == '{who: "team", in: 5}'
    answer = read.answer("d", {"a": evaluate("2")})
    assert value(answer.value) == "{who: null, in: 9}"
    assert answer.reasons == ('"taxi" is not a value of who in decision d',)


def test_functions_call_each_other_and_themselves(model):
    body = (
        '<businessKnowledgeModel id="f" name="factorial of"><variable name="factorial of"/>'
        '<encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        + literal("if n < 2 then 1 else n * factorial of(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
        + decision(
            "d",
            literal("factorial of(5) + factorial of(n: 3)"),
            needs("f", kind="Knowledge", requirement="knowledge"),
        )
        + decision(
            "e",
            literal('factorial of("x")'),
            needs("f", kind="Knowledge", requirement="knowledge"),
        )
    )
    read = model(body)
    assert value(read.decide("d", {})) == "126"
    # Nothing is called with what does not conform.
    assert read.answer("e", {}).reasons == ('n of factorial of: "x" is not a number',)
    assert value(read.decide("factorial of", {"n": evaluate("4")})) == "24"


def test_services_take_inputs_and_decisions(model):
    body = given("a", "number") + decision("b", literal("1"))
    body += decision("c", literal("a + b"), needs("a") + needs("b", kind="Decision"))
    body += decision("d", literal("c * 2"), needs("c", kind="Decision"))
    body += (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#c"/>'
        '<outputDecision href="#d"/><inputDecision href="#b"/><inputData href="#a"/>'
        "</decisionService>"
        '<decisionService id="one" name="one"><variable name="one"/><outputDecision href="#d"/>'
        '<inputData href="#a"/></decisionService>'
    )
    calls = needs("s", "one", kind="Knowledge", requirement="knowledge")
    body += decision("called", literal("s(10, 20).d + one(a: 1)"), calls)
    read = model(body)
    ten = {"a": evaluate("10"), "b": evaluate("5")}
    assert value(read.decide("s", ten)) == "{c: 15, d: 30}"
    assert value(read.decide("one", {"a": evaluate("10")})) == "22"
    assert value(read.decide("called", {})) == "64"
    # A decision that is given is not decided.
    assert value(read.decide("d", ten)) == "30"


def test_a_call_is_made_with_what_conforms_and_no_other(model):
    told = '"never"'
    function = f'<formalParameter name="n" typeRef="number"/>{literal("[n, 1]")}'
    body = (
        f'<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>{function}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    body += given("a", "number") + decision("b", literal("[a, 1]"), needs("a"))
    body += '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#b"/>'
    body += '<inputData href="#a"/></decisionService>'
    calls = needs("f", "s", kind="Knowledge", requirement="knowledge")
    for name in ("f", "s"):
        body += decision(f"{name} wrong", literal(f"{name}({told})"), calls)
        body += decision(f"{name} right", literal(f"{name}([2])"), calls)
    bound = f'<binding><parameter name="n"/>{literal(told)}</binding></invocation>'
    body += decision("bound", f"<invocation>{literal('f')}{bound}", calls)
    read = model(body)
    for name in ("f wrong", "s wrong", "bound"):
        assert value(read.decide(name, {})) == "null"
    for name in ("f right", "s right"):
        assert value(read.decide(name, {})) == "[2, 1]"
    # Asked for themselves they have what does not conform as null, as decisions have.
    wrong = {"a": "never", "n": "never"}
    for name in ("f", "s", "b"):
        assert value(read.decide(name, wrong)) == "[null, 1]"


def test_types_have_parts_lists_and_allowed_values(model):
    body = """
    <itemDefinition name="tPerson">
      <itemComponent name="first name"><typeRef>string</typeRef></itemComponent>
      <itemComponent name="age"><typeRef>number</typeRef>
        <allowedValues><text>[0..120]</text></allowedValues></itemComponent>
    </itemDefinition>
    <itemDefinition name="tPeople" isCollection="true"><typeRef>tPerson</typeRef></itemDefinition>
    <itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef>
      <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
    <itemDefinition name="tNaming"><functionItem outputTypeRef="string">
      <parameters name="n"/></functionItem></itemDefinition>
    """
    naming = f'<formalParameter name="n"/>{literal("n")}</functionDefinition>'
    body += decision("name", f'<functionDefinition typeRef="tNaming">{naming}')
    called = literal("[name(string(few)), name(few)]")
    body += decision("called", called, needs("few") + needs("name", kind="Decision"))
    body += given("people", "tPeople") + given("few", "tFew")
    body += decision("old", literal("people[age > 60].first name"), needs("people"))
    body += decision("same", literal("few"), needs("few"))
    body += decision("is", literal("people[1] instance of tPerson"), needs("people"))
    read = model(body)
    people = evaluate('[{first name: "Ana", age: 70}, {first name: "Bo", age: 20}]')
    assert value(read.decide("old", {"people": people})) == '["Ana"]'
    assert value(read.decide("is", {"people": people})) == "true"
    ancient = evaluate('[{first name: "Ana", age: 170}]')
    answer = read.answer("old", {"people": ancient})
    assert answer.value == ()
    assert answer.reasons[0].startswith("people: ")
    assert value(read.decide("same", {"few": evaluate("[1, 2]")})) == "[1, 2]"
    assert value(read.decide("same", {"few": evaluate("[1, 2, 3]")})) == "null"
    assert value(read.decide("same", {"few": evaluate("1")})) == "[1]"
    assert value(read.decide("called", {"few": evaluate("1")})) == '["[1]", null]'


def test_what_is_no_feel_is_null_where_that_is_allowed(model):
    body = decision("good", literal("1")) + decision("bad", literal("1 +"))
    with pytest.raises(PolicyError, match="in decision bad, <literalExpression>: 1 . is not FEEL"):
        model(body)
    read = model(body, strict=False)
    assert value(read.decide("good", {})) == "1"
    answer = read.answer("bad", {})
    assert (answer.value, len(read.problems)) == (None, 1)
    assert answer.reasons[0].startswith("bad: the expression cannot be read")


def test_decisions_that_need_each_other_are_named(model):
    body = decision("a", literal("b"), needs("b", kind="Decision"))
    body += decision("b", literal("a"), needs("a", kind="Decision"))
    with pytest.raises(PolicyError, match="a needs b needs a: decisions go round in a circle"):
        model(body)


def test_functions_of_other_languages_are_refused(model):
    body = (
        '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java">'
        + literal("1")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )
    with pytest.raises(PolicyError, match="in function f, <encapsulatedLogic>: functions in Java"):
        model(body)


def test_a_decision_that_is_not_there_is_named(model):
    with pytest.raises(UnknownDecision, match=r"the model decides no dd; did you mean d\?"):
        model(decision("d", literal("1"))).decide("dd", {})


def test_a_decision_is_found_by_its_own_name_and_by_that_of_its_variable(model):
    body = '<decision id="d" name="own"><variable name="other"/>' + literal("1") + "</decision>"
    read = model(body)
    assert read.decide("own", {}) == read.decide("other", {}) == 1


def test_a_type_that_is_not_there_is_named_and_is_any_where_that_is_allowed(model):
    body = decision("d", literal("1"), typed="tNone")
    with pytest.raises(PolicyError, match="there is no type tNone"):
        model(body)
    assert model(body, strict=False).decide("d", {}) == 1
