"""The catalogue of natures, and the layouts that come with Lamplighter."""

from lamplighter.history import load_layout, natures, shipped_layouts


def test_every_nature_has_codes_and_words_in_both_languages() -> None:
    catalogue = natures()

    assert len({nature.code for nature in catalogue}) == len(catalogue) >= 50
    for nature in catalogue:
        assert all((nature.apco, nature.words_en, nature.words_es)), nature.code


def test_the_catalogue_has_the_natures_of_a_call_for_help() -> None:
    codes = [nature.code for nature in natures()]

    assert {"welfare_check", "suicidal_person", "overdose", "person_down"} <= set(codes)
    assert codes[-1] == "information_or_other"


def test_every_shipped_layout_can_be_loaded_and_judges_honestly() -> None:
    assert shipped_layouts() == ("milwaukee", "nashville")
    for name in shipped_layouts():
        layout = load_layout(name)
        assert layout.name == name
        # Work of officers is no request for help, so it has no nature.
        assert all(rule.nature is None for rule in layout.rules if rule.started_by == "officer")
        # No rule takes all that is left.
        assert all(rule.codes or rule.suffixes or rule.dispositions for rule in layout.rules)


def test_a_real_code_is_judged_by_its_suffix_and_disposition() -> None:
    nashville = load_layout("nashville")

    def judged(*code: str) -> tuple[str | None, str]:
        rule = nashville.rule_for(*code)
        assert rule is not None
        return rule.nature, rule.started_by

    assert judged("70", "A") == ("alarm", "public")
    assert judged("70", "P") == ("burglary", "public")
    assert judged("93", "P") == ("traffic_hazard", "public")
    assert judged("93", "", "9T") == (None, "officer")
    assert judged("43", "P", "15") == (None, "officer")
    assert judged("3") == (None, "unknown")
