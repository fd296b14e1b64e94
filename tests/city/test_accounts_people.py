"""The administrator's work: people and their roles, their end, and the tokens of programs."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from lamplighter.city.accounts.actions import (
    NewPerson,
    add_person,
    deactivate_person,
    reset_password,
    set_roles,
)
from lamplighter.city.accounts.models import ApiToken, User
from lamplighter.city.accounts.tokens import issue_token, revoke_token, user_of_token
from lamplighter.city.journal.models import Entry
from lamplighter.city.refusal import Refusal

pytestmark = pytest.mark.django_db


def _last_entry():
    entry = Entry.objects.last()
    return entry.verb, entry.actor_id, entry.subject_id


def test_it_adds_a_person_whose_password_is_shown_once(client, people):
    client.force_login(people.administrator)
    page = client.post(
        "/people/new/",
        {"username": "ada", "first_name": "Ada", "last_name": "Bell", "roles": ["dispatcher"]},
    ).content.decode()
    ada = User.objects.get(username="ada")
    password = re.search(r"<dd><code>([\w-]{16})</code>", page).group(1)
    assert ada.check_password(password)
    assert (ada.roles, ada.password_is_temporary) == (["dispatcher"], True)
    assert _last_entry() == ("person added", people.administrator.pk, str(ada.pk))
    assert password not in client.get(f"/people/{ada.pk}/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": "dispatcher_kim"}, "has this user name already"),
        ({"username": "ada bell"}, "letters, digits"),
        ({"username": ""}, "required"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(client, people, change, sentence):
    client.force_login(people.administrator)
    typed = {"username": "ada", "first_name": "Ada", "last_name": "Bell", **change}
    page = client.post("/people/new/", typed).content.decode()
    assert sentence in page
    assert 'value="Bell"' in page
    assert not User.objects.filter(first_name="Ada").exists()


def test_it_changes_roles_at_once(client, people):
    client.force_login(people.administrator)
    other = type(client)()
    other.force_login(people.manager)
    assert other.get("/board/").status_code == 200
    client.post(f"/people/{people.manager.pk}/", {"roles": ["responder"]})
    assert other.get("/board/").status_code == 403
    assert Entry.objects.last().data == {"was": ["manager"], "roles": ["responder"]}


def test_it_ends_somebody_at_once(client, people, api_of):
    theirs, program = type(client)(), api_of(people.dispatcher)
    theirs.force_login(people.dispatcher)
    assert theirs.get("/board/").status_code == 200
    assert program.get("/board").status_code == 200
    client.force_login(people.administrator)
    client.post(f"/people/{people.dispatcher.pk}/deactivate/")
    assert theirs.get("/board/").headers["Location"].startswith("/accounts/login/")
    assert program.get("/board").status_code == 401
    keys = [s.get_decoded().get("_auth_user_id") for s in Session.objects.all()]
    assert str(people.dispatcher.pk) not in keys
    assert _last_entry()[0] == "person deactivated"


def test_it_lets_somebody_in_again(client, people):
    client.force_login(people.administrator)
    client.post(f"/people/{people.manager.pk}/deactivate/")
    client.post(f"/people/{people.manager.pk}/reactivate/")
    people.manager.refresh_from_db()
    assert people.manager.is_active
    assert _last_entry()[0] == "person reactivated"


def test_the_last_administrator_stays_one(people, now):
    last = people.administrator
    with pytest.raises(Refusal) as refused:
        set_roles(last.pk, ["dispatcher"], by=last, now=now)
    assert refused.value.code == "last-administrator"
    with pytest.raises(Refusal):
        deactivate_person(last.pk, by=last, now=now)
    set_roles(people.manager.pk, ["administrator"], by=last, now=now)
    assert deactivate_person(last.pk, by=last, now=now).is_active is False


def test_a_new_password_ends_the_sessions_of_the_old_one(client, people, now):
    client.force_login(people.manager)
    added = reset_password(people.manager.pk, by=people.administrator, now=now)
    assert added.person.check_password(added.password)
    assert client.get("/board/").status_code == 302


def test_only_sessions_that_have_not_expired_are_read_and_counted(client, people, now):
    for _browser in range(2):
        client = type(client)()
        client.force_login(people.manager)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=now)
    reset_password(people.manager.pk, by=people.administrator, now=now)
    assert Entry.objects.last().data == {"sessions": 1}
    assert Session.objects.get().pk == client.session.session_key


def test_the_first_administrator_is_added_by_nobody(city, now):
    new = NewPerson("first", "First", "Person", ("administrator",))
    added = add_person(new, by=None, now=now)
    assert added.person.roles == ["administrator"]
    assert Entry.objects.last().actor_id is None


def test_it_makes_a_token_that_is_shown_once(client, people):
    client.force_login(people.administrator)
    page = client.post(
        "/tokens/", {"name": "phone system", "user": str(people.call_taker.pk), "until": ""}
    ).content.decode()
    secret = re.search(r"lamplighter_[\w-]{43}", page).group()
    token = ApiToken.objects.get()
    assert secret not in token.digest
    assert secret not in client.get("/tokens/").content.decode()
    assert _last_entry() == ("token issued", people.administrator.pk, str(token.pk))
    assert Entry.objects.last().data == {"acts_as": str(people.call_taker.pk), "expires_at": None}


def test_a_token_opens_until_it_ends(people, now):
    later = now + timedelta(hours=1)
    made = issue_token(people.dispatcher, "test", by=None, now=now, expires_at=later)
    assert user_of_token(made.secret, now) == people.dispatcher
    assert user_of_token(made.secret, later) is None
    assert user_of_token(made.secret + "x", now) is None
    revoke_token(made.token.pk, by=people.administrator, now=now)
    assert user_of_token(made.secret, now) is None


def test_a_token_is_found_in_one_query(people, now, django_assert_num_queries):
    secret = issue_token(people.dispatcher, "test", by=None, now=now).secret
    with django_assert_num_queries(1):
        user_of_token(secret, now)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_token_needs_a_name(people, now, name):
    with pytest.raises(Refusal, match="token-without-name"):
        issue_token(people.dispatcher, name, by=None, now=now)
