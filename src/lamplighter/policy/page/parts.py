"""The parts of a policy's page in one language, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from lamplighter.policy.domains import EVERY_NUMBER, UNKNOWN
from lamplighter.policy.hit_words import how_it_decides
from lamplighter.policy.model import Input, Policy, Promise, Rule, Table, Words
from lamplighter.policy.page import words as w
from lamplighter.policy.wording import Condition, PolicyWords, RuleInWords

_MANY = 12


class Parts:
    """Writes one policy in one language; ids carry the language, as both stand in one page."""

    def __init__(self, policy: Policy, language: str, statuses: Mapping[str, str] | None) -> None:
        self.policy = policy
        self.language = language
        self.statuses = statuses
        self.wording = PolicyWords(policy, language)

    def article(self) -> str:
        """Everything about the policy."""
        tables = "".join(
            self.table(number, table) for number, table in enumerate(self.policy.tables, 1)
        )
        promises = self.promises() if self.policy.promises else ""
        return (
            f'<article lang="{self.language}" class="in-{self.language}">'
            f"{self.head()}{self.contents()}{self.how()}{tables}{promises}{self.questions()}"
            "</article>\n"
        )

    def head(self) -> str:
        policy = self.policy
        rules = sum(len(table.rules) for table in policy.tables)
        marks = [
            (w.VERSION, escape(policy.version)),
            (w.RULES, str(rules)),
            (w.PROMISES, str(len(policy.promises))),
            (w.HASH, f"<code>{escape(policy.content_hash)}</code>"),
        ]
        listed = "".join(
            f"<div><dt>{self.ui(name)}</dt><dd>{value}</dd></div>" for name, value in marks
        )
        about = self.said("p", policy.about, "lead") if policy.about.en else ""
        return (
            f'<div class="head"><p class="kicker">{self.ui(w.KICKER)}</p>'
            f'{self.said("h1", policy.title)}{about}<dl class="marks">{listed}</dl></div>\n'
        )

    def contents(self) -> str:
        parts = [("how", self.ui(w.HOW))]
        parts += [(f"table-{t.name}", self.text(t.title)) for t in self.policy.tables]
        if self.policy.promises:
            parts.append(("promises", self.ui(w.PROMISES_TITLE)))
        parts.append(("questions", self.ui(w.QUESTIONS)))
        links = "".join(f'<li><a href="#{self.id(key)}">{name}</a></li>' for key, name in parts)
        label = self.ui(w.CONTENTS)
        return f'<nav class="contents" aria-label="{label}"><ul>{links}</ul></nav>\n'

    def how(self) -> str:
        return self.section("how", self.ui(w.HOW), *(f"<p>{self.ui(t)}</p>" for t in w.HOW_TEXT))

    def table(self, number: int, table: Table) -> str:
        key = f"table-{table.name}"
        headings = "".join(
            f'<th role="columnheader" scope="col">{self.ui(name)}</th>'
            for name in (w.RULE, w.WHEN, w.THEN, w.BECAUSE)
        )
        rows = "".join(
            self.rule(table, rule, self.wording.rule(rule, place))
            for place, rule in enumerate(table.rules, 1)
        )
        return self.folded(
            key,
            f'<span class="step" aria-hidden="true">{number}</span> {self.text(table.title)}',
            f"<p>{self.ui(how_it_decides(table))}</p>",
            ("rules", len(table.rules)),
            f'<table class="rules" role="table" aria-labelledby="{self.head_id(key)}">'
            f'<thead role="rowgroup"><tr role="row">{headings}</tr></thead>\n'
            f'<tbody role="rowgroup">{rows}</tbody></table>',
        )

    def rule(self, table: Table, rule: Rule, shown: RuleInWords) -> str:
        key = self.id(f"rule-{rule.id}")
        when = "".join(self.condition(one) for one in shown.conditions)
        if not when:
            rest = table.hit == "first" and shown.number > 1
            when = f"<p>{self.ui(w.EVERY_OTHER if rest else w.EVERY_CALL)}</p>"
        then = "".join(
            "<p>"
            + (f'<span class="soft">{escape(one.label)}</span> ' if len(shown.results) > 1 else "")
            + f"<strong>{escape(one.words)}</strong></p>"
            for one in shown.results
        )
        source = self.ui(w.SOURCE).format(f'<span lang="en">{escape(rule.source)}</span>')
        return (
            f'<tr role="row" id="{key}"><th role="rowheader" scope="row">'
            f'<a href="#{key}"><span class="only-read">{self.ui(w.RULE)} </span>{shown.number}'
            f'<span class="only-read">, {escape(rule.id)}</span></a></th>'
            f'<td role="cell" class="when">{when}</td>'
            f'<td role="cell" class="then" data-name="{self.ui(w.THEN)}">{then}</td>'
            f'<td role="cell">{self.said("p", rule.because)}'
            f'<p class="soft">{source}</p></td></tr>\n'
        )

    def condition(self, shown: Condition) -> str:
        values = [f'<span class="value">{escape(one)}</span>' for one in shown.alternatives]
        if shown.or_unknown:
            unknown = self.wording.value(shown.name, UNKNOWN)
            values.append(f'<span class="value unknown">{escape(unknown)}</span>')
        word = f' <span class="soft">{self.ui(w.OR)}</span> '
        but = f'<span class="soft">{self.ui(w.ANYTHING_BUT)}</span> ' if shown.anything_but else ""
        return f"<p><strong>{escape(shown.label)}:</strong> {but}{word.join(values)}</p>"

    def promises(self) -> str:
        listed = "".join(self.promise(one) for one in self.policy.promises)
        return self.folded(
            "promises",
            self.ui(w.PROMISES_TITLE),
            f"<p>{self.ui(w.PROMISES_TEXT)}</p>",
            ("promises", len(self.policy.promises)),
            f'<ol class="promises">{listed}</ol>',
        )

    def promise(self, promise: Promise) -> str:
        state = (self.statuses or {}).get(promise.id, "stated")
        shape, said = w.STATUS.get(state, w.STATUS["stated"])
        source = self.ui(w.SOURCE).format(f'<span lang="en">{escape(promise.source)}</span>')
        return (
            f'<li id="{self.id(f"promise-{promise.id}")}">{self.said("p", promise.says)}'
            f'<p class="status {escape(state)}"><span aria-hidden="true">{shape}</span> '
            f"{self.ui(said)}</p>"
            + (f'<p class="soft">{source}</p>' if promise.source else "")
            + "</li>\n"
        )

    def questions(self) -> str:
        headings = "".join(
            f'<th role="columnheader" scope="col">{self.ui(name)}</th>'
            for name in (w.FACT, w.QUESTION, w.IF_UNKNOWN)
        )
        rows = "".join(self.question(one) for one in self.policy.inputs.values())
        return self.folded(
            "questions",
            self.ui(w.QUESTIONS),
            f"<p>{self.ui(w.QUESTIONS_TEXT)}</p>",
            ("questions", len(self.policy.inputs)),
            f'<table class="questions" role="table" aria-labelledby="{self.head_id("questions")}">'
            f'<thead role="rowgroup"><tr role="row">{headings}</tr></thead>\n'
            f'<tbody role="rowgroup">{rows}</tbody></table>',
        )

    def question(self, declared: Input) -> str:
        asked = self.said("p", declared.ask) if declared.ask else f"<p>{self.ui(w.NOT_ASKED)}</p>"
        hint = self.said("p", declared.help, "soft") if declared.help else ""
        safety = f'<p class="safety">{self.ui(w.SAFETY)}</p>' if declared.safety else ""
        return (
            f'<tr role="row"><th role="rowheader" scope="row">{self.text(declared.label)}</th>'
            f'<td role="cell">{safety}{asked}{hint}{self.answers(declared)}</td>'
            f'<td role="cell" class="not-known" data-name="{self.ui(w.IF_UNKNOWN)}">'
            f"{self.unknown(declared)}</td></tr>\n"
        )

    def answers(self, declared: Input) -> str:
        domain = declared.domain
        if domain.is_line:
            shown = self.ui(w.NUMBER_IN).format(escape(domain.show(domain.range)))
            if domain.range == EVERY_NUMBER:
                shown = self.ui(w.ANY_VALUE)
            return f'<p class="soft">{shown}</p>'
        values = domain.values or (True, False)
        listed = " · ".join(escape(self.wording.value(declared.name, one)) for one in values)
        if len(values) > _MANY:
            many = self.ui(w.ANSWERS).format(len(values))
            return f"<details><summary>{many}</summary><p>{listed}</p></details>"
        return f'<p class="soft">{listed}</p>'

    def unknown(self, declared: Input) -> str:
        if declared.always_known:
            return self.ui(w.MUST_BE_KNOWN)
        if declared.when_unknown is None:
            return self.ui(w.STAYS_UNKNOWN)
        taken = escape(self.wording.value(declared.name, declared.when_unknown))
        return self.ui(w.TAKEN_FOR).format(f"<strong>{taken}</strong>")

    def section(self, key: str, title: str, *parts: str) -> str:
        body = "\n".join(parts)
        name = self.id(key)
        return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>\n{body}</section>\n'

    def folded(
        self, key: str, title: str, lead: str, counted: tuple[str, int], content: str
    ) -> str:
        """A section whose content is folded on a phone; an address leads into it and opens it."""
        kind, number = counted
        one, several = w.COUNTED[kind]
        name, head = self.id(key), self.head_id(key)
        how_many = self.ui(one if number == 1 else several).format(number)
        return (
            f'<section aria-labelledby="{head}"><h2 id="{head}">{title}</h2>\n{lead}\n'
            f'<details class="fold"><summary>{how_many}</summary>\n'
            f'<div id="{name}">{content}</div></details></section>\n'
        )

    def head_id(self, key: str) -> str:
        """The id of the heading of a folded section."""
        return self.id(f"head-{key}")

    def said(self, tag: str, words: Words, style: str = "") -> str:
        """An element with the policy's own words; English ones are marked on a Spanish page."""
        language = ' lang="en"' if self.language == "es" and not words.es else ""
        styled = f' class="{style}"' if style else ""
        return f"<{tag}{styled}{language}>{self.text(words)}</{tag}>"

    def text(self, words: Words) -> str:
        return escape(words.in_language(self.language))

    def ui(self, words: Words) -> str:
        """The page's own words."""
        return escape(words.in_language(self.language))

    def id(self, key: str) -> str:
        return escape(f"{self.language}-{'_'.join(key.split())}")


def in_both(words: Words, tag: str = "span") -> str:
    """Words that stand once a language, of which one is shown."""
    shown: Iterable[tuple[str, str]] = (("en", words.en), ("es", words.es))
    return "".join(
        f'<{tag} lang="{language}" class="in-{language}">{escape(text)}</{tag}>'
        for language, text in shown
    )
