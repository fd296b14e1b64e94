"""Drafts: written by several people, in a grid or as text, and nothing that was typed is lost."""

import json

import pytest
from django.urls import reverse

from lamplighter.city.accounts.models import Role
from lamplighter.city.policies.drafting import change_draft, discard_draft, resolve_conflict
from lamplighter.city.policies.grid import read_sheet, write_sheet
from lamplighter.city.policies.models import ConflictCopy, Draft, PolicyVersion
from lamplighter.city.policies.room import open_drafts
from lamplighter.city.refusal import Refusal
from lamplighter.policy import parse_policy
from tests.support.workbooks import table_of, workbook

from .drafts import OTHER, SHIPPED, draft_of, someone


@pytest.fixture
def author(people):
    return people.policy_author


@pytest.fixture
def second(people):
    return someone("jonas", Role.POLICY_AUTHOR)


def test_each_kept_change_is_a_revision_with_who_wrote_it(city, author, second, now):
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "# more\n", revision=1, by=second, now=now)
    draft.refresh_from_db()
    assert (draft.revision, draft.changed_by) == (2, second)
    assert list(draft.revisions.order_by("revision").values_list("by__username", flat=True)) == [
        author.username,
        "jonas",
    ]


def test_of_two_who_write_at_once_the_second_keeps_a_copy(city, author, second, now):
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "# first\n", revision=1, by=author, now=now)
    lost = change_draft(draft.pk, OTHER + "# second\n", revision=1, by=second, now=now)
    assert lost.conflict is not None
    assert lost.conflict.text.endswith("# second\n")
    draft.refresh_from_db()
    assert draft.text.endswith("# first\n")


def test_one_press_takes_either_and_the_other_stays_in_the_record(city, author, second, now):
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "# first\n", revision=1, by=author, now=now)
    copy = change_draft(draft.pk, OTHER + "# second\n", revision=1, by=second, now=now).conflict
    resolve_conflict(copy.pk, take="copy", revision=2, by=author, now=now)
    draft.refresh_from_db()
    assert draft.text.endswith("# second\n")
    assert draft.revisions.get(revision=2).text.endswith("# first\n")
    assert draft.revisions.get(revision=3).by == second, "whoever wrote it, not whoever chose"
    assert ConflictCopy.objects.get().resolved_at is not None


def test_a_choice_is_not_made_over_a_third_text(city, author, second, now):
    draft = draft_of(author, now)
    change_draft(draft.pk, OTHER + "# first\n", revision=1, by=author, now=now)
    copy = change_draft(draft.pk, OTHER + "# second\n", revision=1, by=second, now=now).conflict
    change_draft(draft.pk, OTHER + "# third\n", revision=2, by=author, now=now)
    with pytest.raises(Refusal, match="draft-moved-on"):
        resolve_conflict(copy.pk, take="copy", revision=2, by=second, now=now)
    draft.refresh_from_db()
    assert draft.text.endswith("# third\n")


def test_what_is_written_on_a_draft_that_was_given_up_is_kept_too(city, author, second, now):
    draft = draft_of(author, now)
    discard_draft(draft.pk, by=author, now=now)
    late = change_draft(draft.pk, OTHER + "# late\n", revision=1, by=second, now=now)
    assert late.conflict is not None


class TestTheGrid:
    def test_a_rule_that_nobody_touched_keeps_its_lines(self):
        assert write_sheet(SHIPPED, {}).text == SHIPPED
        sheet = read_sheet(SHIPPED)
        rules = [{"keep": number} for number in range(len(sheet.content["tables"][0]["rules"]))]
        rules[3] = sheet.content["tables"][0]["rules"][3] | {"source": "Somebody"}
        changed = write_sheet(SHIPPED, {"tables": {"risk": rules}}).text
        before, after = set(SHIPPED.splitlines()), set(changed.splitlines())
        assert {'        source: "Somebody"'} <= after - before
        assert len(before - after) < 9, "only the lines of one rule are new"

    def test_all_rules_written_anew_say_the_same(self):
        sheet = read_sheet(SHIPPED)
        edits = {"tables": {t["name"]: t["rules"] for t in sheet.content["tables"]}}
        written = write_sheet(SHIPPED, edits)
        assert parse_policy(written.text).content_hash == parse_policy(SHIPPED).content_hash
        for table in parse_policy(written.text).tables:
            for number, rule in enumerate(table.rules):
                assert written.place(rule.line) == (table.name, number)

    def test_rules_are_added_moved_and_taken_out(self):
        table = parse_policy(SHIPPED).tables[0]
        new = read_sheet(SHIPPED).content["tables"][0]["rules"][0] | {"id": "another"}
        count = len(table.rules)
        kept = [{"keep": 1}, new, {"keep": 0}, *({"keep": n} for n in range(3, count))]
        ids = [
            rule.id
            for rule in parse_policy(write_sheet(SHIPPED, {"tables": {"risk": kept}}).text)
            .tables[0]
            .rules
        ]
        old = [rule.id for rule in table.rules]
        assert ids == [old[1], "another", old[0], *old[3:]]

    @pytest.mark.parametrize("typed", ['"', ": {", "'", "\\", "é “quoted” # no remark", "a\nb"])
    def test_whatever_is_typed_stays_in_its_cell(self, typed):
        rule = read_sheet(SHIPPED).content["tables"][0]["rules"][0] | {"en": typed}
        written = write_sheet(SHIPPED, {"tables": {"risk": [rule]}}).text
        assert read_sheet(written).content["tables"][0]["rules"][0]["en"] == " ".join(typed.split())

    def test_a_problem_names_its_table_rule_and_cell(self, city, author, now, client):
        draft, sheet = self.opened(author, now, client)
        rule = sheet["rules"][2] | {"when": {"nature": '"no such thing"'}}
        answer = self.check(client, draft, [{"keep": 0}, rule])
        problem = answer["problems"][0]
        assert problem["at"] == {"table": "risk", "rule": 1}
        assert problem["cell"] == "nature"
        assert not answer["passed"]

    def test_a_broken_promise_comes_with_the_call_that_breaks_it(self, city, author, now, client):
        draft, _sheet = self.opened(author, now, client)
        response = read_sheet(SHIPPED).content["tables"][1]["rules"]
        wrong = response[1] | {"then": {"responder": "community_team"}}
        kept = [{"keep": n} for n in range(len(response))]
        answer = self.check(client, draft, [kept[0], wrong, *kept[2:]], "response")
        broken = [promise for promise in answer["promises"] if promise["state"] == "broken"]
        assert broken
        assert broken[0]["call"], "shown by a call"
        assert ["Who goes", "Community team: clinician and medic, unarmed"] in [
            list(pair) for pair in broken[0]["gives"]
        ] or broken[0]["gives"]

    def test_saving_over_somebody_else_leads_to_the_choice(self, city, author, second, now, client):
        draft, sheet = self.opened(author, now, client)
        change_draft(draft.pk, OTHER + "# first\n", revision=1, by=second, now=now)
        rules = [sheet["rules"][0] | {"source": "Mine"}]
        body = {"revision": 1, "edits": {"tables": {"risk": rules}}}
        answer = self.send(client, "policies:save", draft, body).json()
        copy = ConflictCopy.objects.get()
        assert answer == {"conflict": reverse("policies:conflict", args=[copy.pk])}
        assert "Mine" in copy.text
        page = client.get(answer["conflict"]).content.decode()
        assert "# first" in page
        assert "Mine" in page

    @pytest.mark.parametrize(
        "body",
        [
            [],
            {},
            {"revision": "1"},
            {"revision": 0},
            {"revision": 77},
            {"revision": 1, "edits": {"tables": []}},
            {"revision": 1, "edits": {"tables": {"risk": [7]}}},
            {"revision": 1, "edits": {"tables": {"risk": [{"id": 7}]}}},
            {"revision": 1, "edits": {"tables": {"risk": "x"}}},
            {"revision": 1, "edits": {"columns": []}},
            {"revision": 1, "edits": {"columns": {"risk": "weapon"}}},
        ],
    )
    def test_what_is_no_grid_is_refused_in_a_sentence(self, city, author, now, client, body):
        draft, _sheet = self.opened(author, now, client)
        for name in ("policies:check", "policies:save"):
            answer = self.send(client, name, draft, body)
            assert answer.status_code == 400, answer.content
            assert answer.json()["sentence"]
        draft.refresh_from_db()
        assert draft.revision == 1

    def opened(self, author, now, client):
        client.force_login(author)
        draft = draft_of(author, now)
        return draft, read_sheet(draft.text).content["tables"][0]

    def check(self, client, draft, rules, table="risk"):
        body = {"revision": 1, "edits": {"tables": {table: rules}}, "table": table}
        answer = self.send(client, "policies:check", draft, body)
        assert answer.status_code == 200
        return answer.json()

    @staticmethod
    def send(client, name, draft, body):
        address = reverse(name, args=[draft.pk])
        return client.post(address, json.dumps(body), content_type="application/json")


class TestWithoutScripts:
    def test_a_draft_is_started_written_checked_and_proposed_by_plain_forms(
        self, city, author, now, client
    ):
        client.force_login(author)
        began = client.post(reverse("policies:start"))
        draft = Draft.objects.get()
        assert began.url == reverse("policies:draft", args=[draft.pk])
        assert draft.base == PolicyVersion.objects.get()
        address = reverse("policies:text", args=[draft.pk])
        client.post(address, {"revision": 1, "text": OTHER.replace("\n", "\r\n")})
        draft.refresh_from_db()
        assert draft.text == OTHER
        assert "The check passes" in client.get(address).content.decode()
        propose = reverse("policies:propose", args=[draft.pk])
        assert "Who comes when somebody calls" in client.get(propose).content.decode()
        sent = client.post(propose, {"revision": 2, "reason": "Plainer."})
        assert sent.status_code == 302, sent.content.decode()
        page = client.get(sent.url).content.decode()
        assert "so two others sign" in page

    def test_a_text_that_is_no_policy_is_kept_and_its_faults_named(self, city, author, now, client):
        client.force_login(author)
        draft = draft_of(author, now)
        address = reverse("policies:text", args=[draft.pk])
        client.post(address, {"revision": 1, "text": "policy: [first"})
        page = client.get(address).content.decode()
        assert "this is not YAML" in page
        assert client.get(reverse("policies:draft", args=[draft.pk])).url == address

    def test_broken_promises_stand_by_themselves_and_all_others_are_folded(
        self, city, author, now, client
    ):
        client.force_login(author)
        police, team = "then: {responder: police}", "then: {responder: community_team}"
        draft = draft_of(author, now, OTHER.replace(police, team, 1))
        page = client.get(reverse("policies:propose", args=[draft.pk])).content.decode()
        above, folded = page.split('<details class="fold">')
        assert "Broken:" in above
        assert "Kept:" not in above
        assert "Kept:" in folded
        # Three show the call that breaks them at once.
        assert above.count('<details class="found__more" open>') == 3
        assert above.count('<details class="found__more">') > 3
        assert "found__more" not in folded

    def test_two_texts_stand_side_by_side(self, city, author, second, now, client):
        client.force_login(author)
        draft = draft_of(author, now)
        change_draft(draft.pk, OTHER + "# theirs\n", revision=1, by=second, now=now)
        address = reverse("policies:text", args=[draft.pk])
        sent = client.post(address, {"revision": 1, "text": OTHER + "# mine\n"})
        page = client.get(sent.url).content.decode()
        assert "# theirs" in page
        assert "# mine" in page
        taken = client.post(sent.url, {"take": "copy", "revision": 2})
        assert taken.url == reverse("policies:draft", args=[draft.pk])
        draft.refresh_from_db()
        assert draft.text.endswith("# mine\n")

    def test_a_file_begins_a_draft_and_one_that_is_none_is_refused(self, city, author, now, client):
        from django.core.files.uploadedfile import SimpleUploadedFile

        client.force_login(author)
        file = SimpleUploadedFile("policy.yaml", OTHER.encode())
        client.post(reverse("policies:start"), {"file": file})
        assert Draft.objects.get().text == OTHER
        bad = SimpleUploadedFile("policy.yaml", b"\xff\xfe")
        answer = client.post(reverse("policies:start"), {"file": bad}, follow=True)
        assert "not UTF-8" in answer.content.decode()
        bad = SimpleUploadedFile("policy.yaml", b"%PDF-1.7")
        answer = client.post(reverse("policies:start"), {"file": bad}, follow=True)
        assert "this is a PDF" in answer.content.decode()
        assert Draft.objects.count() == 1

    @pytest.mark.parametrize("form", ["csv", "xlsx", "dmn"])
    def test_a_sheet_and_a_dmn_model_come_in_through_the_library(self, city, author, client, form):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from lamplighter.policy.dmn import policy_to_dmn
        from lamplighter.policy.sheet import policy_to_csv

        policy = parse_policy(OTHER)
        written = {
            "csv": policy_to_csv(policy).encode(),
            "xlsx": workbook({"Rules": table_of(policy_to_csv(policy)), "Notes": [["ours"]]}),
            "dmn": policy_to_dmn(policy).encode(),
        }
        client.force_login(author)
        file = SimpleUploadedFile(f"policy.{form}", written[form])
        client.post(reverse("policies:start"), {"file": file})
        assert parse_policy(Draft.objects.get().text).content_hash == policy.content_hash

    @pytest.mark.parametrize(
        ("language", "says"),
        [
            ("en", "policy.xlsx, sheet Rules: merged cells say only once what each of them stands"),
            ("es", "policy.xlsx, hoja Rules: las celdas combinadas dicen una sola vez lo que vale"),
        ],
    )
    def test_merged_cells_of_a_workbook_are_refused(self, city, author, client, language, says):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from lamplighter.policy.sheet import policy_to_csv

        table = table_of(policy_to_csv(parse_policy(OTHER)))
        client.force_login(author)
        client.cookies["django_language"] = language
        file = SimpleUploadedFile("x.XLSX", workbook({"Rules": table}, merged={"Rules": ["B7:B9"]}))
        page = client.post(reverse("policies:start"), {"file": file}, follow=True).content.decode()
        assert says in page
        assert "(B7:B9)" in page
        assert "/tmp" not in page
        assert not Draft.objects.exists()

    @pytest.mark.parametrize(
        ("language", "says"),
        [
            ("en", "policy.csv, row {row}, column B, table risk: frist is not a hit policy"),
            (
                "es",
                "policy.csv, fila {row}, columna B, tabla risk: frist no es una manera de decidir",
            ),
        ],
    )
    def test_what_the_library_says_of_a_file_is_told_in_the_language_of_the_page(
        self, city, author, client, language, says
    ):
        from django.core.files.uploadedfile import SimpleUploadedFile

        from lamplighter.policy.sheet import policy_to_csv

        client.force_login(author)
        sheet = policy_to_csv(parse_policy(OTHER)).replace("\nhit,first", "\nhit,frist", 1)
        file = SimpleUploadedFile("policy.csv", sheet.encode())
        page = client.post(
            reverse("policies:start"), {"file": file}, follow=True, HTTP_ACCEPT_LANGUAGE=language
        )
        row = sheet[: sheet.index("hit,frist")].count("\n") + 1
        assert says.format(row=row) in page.content.decode()

    def test_a_dmn_file_with_an_entity_trick_is_refused(self, city, author, client):
        from django.core.files.uploadedfile import SimpleUploadedFile

        client.force_login(author)
        trick = b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
        file = SimpleUploadedFile("policy.dmn", trick)
        page = client.post(reverse("policies:start"), {"file": file}, follow=True)
        assert "cannot be read as a policy" in page.content.decode()
        assert "/tmp" not in page.content.decode()
        assert not Draft.objects.exists()


def test_the_room_calls_each_draft_by_the_version_that_it_gives_itself(city, author, now):
    for text in (OTHER, "policy: p\nversion: 'june' # soon\n", "policy: [first"):
        draft_of(author, now, text)
    versions = open_drafts().order_by("id").values_list("version", flat=True)
    assert list(versions) == [parse_policy(OTHER).version, "june", None]
