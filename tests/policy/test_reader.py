"""What the reader says about a policy that cannot be used: what, where, and what to do."""

import pytest

from lamplighter.policy import PolicyError, parse_policy, read_policy
from tests.policy.examples import SMALL


def problems(text):
    with pytest.raises(PolicyError) as error:
        parse_policy(text, name="small.yaml")
    return [str(problem) for problem in error.value.problems]


def changed(old, new):
    assert SMALL.count(old) == 1, f"{old!r} must stand once in the example"
    return SMALL.replace(old, new)


def test_a_policy_is_read_with_all_its_words():
    policy = parse_policy(SMALL)
    assert policy.name == "small"
    assert list(policy.inputs) == ["nature", "weapon", "violence", "hour"]
    assert policy.title.in_language("es") == "Una política pequeña"
    weapon = policy.inputs["weapon"]
    assert weapon.ask is not None
    assert weapon.ask.in_language("es-MX") == "¿Alguien vio un arma?"
    assert weapon.when_unknown is True
    assert policy.inputs["nature"].always_known
    assert [v.label.en for v in policy.inputs["nature"].values][:2] == ["Noise", "Fight"]
    assert str(policy.inputs["hour"].range) == "[0..24)"
    assert policy.inputs["violence"].values[0].label.in_language("es") == "No"
    risk, response = policy.tables
    assert risk.columns == ("nature", "weapon", "violence")
    assert response.columns == ("weapon", "hour", "risk")
    assert policy.outcome == ("risk", "responder")
    assert policy.promises[0].never == "weapon and responder = community_team"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '\'"threat","now"\'',
            '\'"threet","now"\'',
            "small.yaml, line 29, column 42, table risk, rule weapon-with-threat, cell violence: "
            '"threet" is not a value of violence; did you mean threat?',
        ),
        (
            "'not(\"none\")'",
            "'not(\"none\"'",
            "line 34, column 45, table risk, rule fight, cell violence: "
            "the test ends too early; ) is missing.",
        ),
        (
            "then: {risk: high}",
            "then: {risk: hihg}",
            "rule fight, cell risk: hihg is not a value of risk; did you mean high?",
        ),
        ("{risk: high}", "{rsk: high}", "table risk has no output rsk; did you mean risk?"),
        ("{risk: high}", "{}", "rule fight: the rule does not set risk; add risk: … to then."),
        (
            "weapon: unknown",
            "wepon: unknown",
            "cell wepon: there is no input or output wepon; did you mean weapon?",
        ),
        (
            "{nature: '\"fight\"', viol",
            "{responder: '\"police\"', viol",
            "responder is an output of table response, which itself needs an answer of table "
            "risk: they go round in a circle; take one of these tests out.",
        ),
        (
            "{nature: '\"fight\"', viol",
            "{risk: '\"low\"', viol",
            "risk is an output of this very table; test an input or an earlier table.",
        ),
        (
            "id: night",
            "id: risky",
            "rule risky: the rule id risky is already used in line 43; choose another.",
        ),
        (
            '        because: "People get hurt in fights."\n',
            "",
            "line 33, column 9, table risk, rule fight: the rule has no because; add because: …",
        ),
        (
            '"Danger needs police."\n        source: "Example"',
            '"Danger needs police."',
            "rule risky: the rule has no source; add source: …",
        ),
        (
            '"Danger needs police."',
            '""',
            "because must be a text that is not empty; write it here.",
        ),
        (
            "when unknown: threat",
            "when unknown: maybe",
            "line 21, column 19: when unknown of input violence cannot be maybe; "
            "use one of none, threat, now.",
        ),
        ("when unknown: true", "when unknown: 3", "when unknown of input weapon cannot be 3"),
        (
            "always known: true",
            "always known: true\n    when unknown: noise",
            "input nature is always known and is also told what unknown is taken for; keep one.",
        ),
        ("always known: true", "always known: si", "always known must be true or false."),
        (
            'hour: {type: number, range: "[0..24)"}',
            "hour: {type: number}",
            'input hour is a number without a range; add one such as "[0..24)".',
        ),
        ('"[0..24)"', '"[0..24"', "the range of input hour cannot be read: the test ends too"),
        ("{type: number, ", "{", "input hour has no domain; add its type"),
        (
            "weapon:\n    type: boolean",
            "weapon:\n    type: bolean",
            "line 14, column 11: bolean is not a type of input weapon; did you mean boolean?",
        ),
        (
            "weapon:\n    type: boolean",
            "weapon:\n    type: boolean\n    values: [yes, no]",
            "input weapon is a boolean and has no values; remove it.",
        ),
        (
            '    values: {none: {en: "No"}, threat: {en: "A threat"}, now: {en: "Yes"}}\n',
            "",
            "input violence is a choice without values; list its values.",
        ),
        ("[immediate, high, low]", "[high, high, low]", "the value high of output risk is listed"),
        ("[immediate, high, low]", "[high, unknown]", "output risk lists unknown"),
        ("[police, community_team]", "[]", "output responder has no values; list at least one."),
        ("{responder: [", "{risk: [", "risk is already an output of table risk"),
        ("{responder: [", "{weapon: [", "weapon is already an input; give this output another"),
        ("hit: first\n    outputs: {risk:", "hit: frist\n    outputs: {risk:", "mean first?"),
        ("  risk:\n    hit: first\n", "  risk:\n", "table risk: table risk has no hit; add hit: …"),
        ("title: {en", "titel: {en", "the policy has no field titel; did you mean title?"),
        ('    ask: {en: "Is', '    aks: {en: "Is', "violence has no field aks; did you mean ask?"),
        ('version: "1"', 'version: "1"\nversion: "2"', "version is written twice, first in line 2"),
        (
            "  hour: {type",
            "  weapon: {type: boolean}\n  hour: {type",
            "line 22, column 3: weapon is written twice, first in line 13; remove or rename one",
        ),
        (
            '{weapon: "true", violence',
            '{weapon: "true", weapon: "false", violence',
            "rule weapon-with-threat: weapon is written twice",
        ),
        ("  hour: {type", "  the hour: {type", "the hour is not a name; use letters, digits"),
        ('    never: "weapon', '    evern: "weapon', "the promise has no never; add never: …"),
        ("promises:\n  - id", "promises:\n    id", "promises must be a list"),
        ('version: "1"', 'version: "1"\noutcome: [riks]', "outcome names riks, which no table"),
        ('version: "1"', 'version: "1"\noutcome: []', "outcome is empty"),
        ('version: "1"', 'version: "1"\noutcome: [risk, risk]', "outcome names risk twice"),
        ('{risk: \'"immediate","high"\'}', "{risk: unknown}", "risk is never unknown"),
        ('{risk: \'"immediate","high"\'}', "{risk: }", "the cell is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_its_remedy(old, new, says):
    found = problems(changed(old, new))
    assert any(says in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('\'"threat","now"\'', "'\"threet\"'"),
        ("type: boolean", "type: bolean"),
        ("id: night", "id: calm"),
    ],
)
def test_one_mistake_is_one_sentence(old, new):
    assert len(problems(changed(old, new))) == 1


def test_all_mistakes_are_found_at_once_in_the_order_of_the_file():
    text = changed("type: boolean", "type: bolean")
    text = text.replace("{risk: high}", "{risk: hihg}").replace("id: night", "id: risky")
    lines = [int(problem.split("line ")[1].split(",")[0]) for problem in problems(text)]
    assert lines == [14, 35, 48]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty; write a policy into it."),
        ("policy: [1", "this is not YAML"),
        ("policy: *nobody", "undefined alias"),
        ("policy: x\n\tversion: 1", "line 2, column 1: this is not YAML"),
        ("\x07", "this is not YAML"),
        ("- 1", "the policy must be a mapping of names"),
        ("[" * 5000, "the file is nested too deeply"),
        ("policy: a\n---\npolicy: b", "this is not YAML"),
    ],
)
def test_a_text_that_is_no_policy(text, says):
    assert any(says in problem for problem in problems(text))


def test_files_that_cannot_be_read(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("policy: x\nabout: política\n".encode("latin-1"))
    for path, says in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "the file cannot be opened"),
        (latin, "line 2, column 1: this line is not UTF-8; save the file as UTF-8."),
    ):
        with pytest.raises(PolicyError) as error:
            read_policy(path)
        assert says in str(error.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xef\xbb\xbf[policy],,\r\nname,small", "a sheet"),
        (b'<?xml version="1.0"?>\n<definitions/>', "XML, as DMN models are"),
        (b"\n  <definitions/>", "XML, as DMN models are"),
    ],
)
def test_a_policy_in_another_form_is_to_be_imported(tmp_path, content, what):
    path = tmp_path / "small.csv"
    path.write_bytes(content)
    with pytest.raises(PolicyError) as error:
        read_policy(path)
    assert str(error.value) == (
        f"{path}: this is {what}; make a policy file of it with lamplighter policy import."
    )


def chained(**looks):
    """A policy with a table for each name, which looks at the answer of another or at nothing."""
    tables = []
    for name, other in looks.items():
        when = f"of_{other}: '\"a\"'" if other else ""
        tables.append(
            f"  {name}: {{hit: first, outputs: {{of_{name}: {{values: [a]}}}}, rules: [{{id: {name}"
            f", when: {{{when}}}, then: {{of_{name}: a}}, because: x, source: x}}]}}"
        )
    inputs = "inputs: {bad: {type: nothing}, good: {type: boolean}}"
    return "\n".join(["policy: p", 'version: "1"', inputs, "tables:", *tables])


def test_a_table_that_stands_too_low_is_moved_and_a_circle_is_broken():
    moved, _ = problems(chained(t="v", v=None))[::-1]
    assert moved.endswith(
        "of_v is an output of table v, which comes later; move table v before table t."
    )
    _, found = problems(chained(t="v", u="t", v="u"))
    assert found.endswith(
        "of_v is an output of table v, which itself needs an answer of table t: "
        "they go round in a circle; take one of these tests out."
    )


def test_the_names_that_could_be_meant_stand_in_the_order_of_the_file():
    text = chained(t="nobody").replace("{bad: {", "{z1: {type: x}, q7: {type: x}, k3: {")
    assert problems(text)[-1].endswith("use one of good, z1, q7, k3.")


def test_cells_may_be_plain_yaml_values():
    policy = parse_policy(
        changed('{weapon: "true", violence', "{weapon: true, violence").replace(
            'hour: "[0..6)"', "hour: 3"
        )
    )
    assert policy.content_hash != parse_policy(SMALL).content_hash
    assert policy.tables[0].rules[0].when["weapon"].text == "true"
    hour = policy.inputs["hour"].domain
    assert hour.accepts(policy.tables[1].rules[1].when["hour"].side, 3)


def test_a_file_of_another_kind_is_one_sentence() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy("teams: Vans\nkinds: {}\nunits: []\n", name="vans.yaml")

    assert str(caught.value) == (
        "vans.yaml, line 1, column 1: nothing here belongs to the policy, which has policy, "
        "version, inputs, tables; give another file."
    )
