"""What to ask next, and how many questions a policy asks."""

from lamplighter.policy.ask.history import rates_of_history
from lamplighter.policy.ask.planner import Planner, next_question, planner
from lamplighter.policy.ask.rates import (
    EVEN,
    Rates,
    RatesError,
    counted_rates,
    read_rates,
    shipped_rates,
    usual_rates,
)
from lamplighter.policy.ask.report import (
    AskedOften,
    GroundQuestions,
    Questions,
    QuestionsReport,
    questions_report,
)

__all__ = [
    "EVEN",
    "AskedOften",
    "GroundQuestions",
    "Planner",
    "Questions",
    "QuestionsReport",
    "Rates",
    "RatesError",
    "counted_rates",
    "next_question",
    "planner",
    "questions_report",
    "rates_of_history",
    "read_rates",
    "shipped_rates",
    "usual_rates",
]
