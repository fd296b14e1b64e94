"""Who may open what: every view names its rule, and a view without one stays closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .models import Role, User

# Views of libraries cannot be decorated; each is opened here by its URL name, for a stated reason.
_LIBRARY_RULES: dict[str, "Rule"] = {}
_WITH_A_TEMPORARY_PASSWORD = frozenset({"account_change_password", "account_logout"})


@dataclass(frozen=True)
class Rule:
    """Whom a view opens to: everyone, anyone signed in, or holders of one of some roles."""

    name: str
    roles: frozenset[str] = frozenset()
    public: bool = False

    def admits(self, user: Any) -> bool:
        if self.public:
            return True
        if not isinstance(user, User) or not user.is_active:
            return False
        return not self.roles or user.has_role(*self.roles)


# Whose work is calls. Whoever writes policies has no part in any call.
ON_CALLS = (
    Role.CALL_TAKER,
    Role.DISPATCHER,
    Role.RESPONDER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)

EVERYONE = Rule("everyone", public=True)
SIGNED_IN = Rule("anyone signed in")


def opens_to(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open a view to holders of any of these roles."""
    if not roles:
        raise ValueError("opens_to names no role: name one, or use opens_to_signed_in")
    return _ruled(Rule(" or ".join(role.value for role in roles), frozenset(roles)))


def opens_to_signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view to anyone who works here."""
    return _ruled(SIGNED_IN)(view)


def opens_to_everyone(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view to the public."""
    return _ruled(EVERYONE)(view)


def _ruled(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def open_library_view(url_name: str, rule: Rule) -> None:
    """Give a rule to a view that comes from a library, by its URL name."""
    _LIBRARY_RULES[url_name] = rule


def rule_of(view: Callable[..., Any], url_name: str | None) -> Rule | None:
    """The rule of a view, or None: then nobody may open it."""
    return getattr(view, "access_rule", None) or _LIBRARY_RULES.get(url_name or "")


class ClosedByDefault:
    """Refuse every request whose view has no rule, or whose rule does not admit the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = rule_of(view, match.view_name if match else None)
        if rule is not None and rule.admits(request.user):
            if rule.public or not request.user.password_is_temporary:
                return None
            if match.view_name in _WITH_A_TEMPORARY_PASSWORD:
                return None
            return redirect("account_change_password")
        if rule is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
