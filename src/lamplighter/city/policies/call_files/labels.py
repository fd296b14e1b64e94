"""The names of our natures for readers, which stand in the policy that ships."""

from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=2)
def labels_of_natures(language: str) -> Mapping[str, str]:
    """By code, what a nature is called in a language."""
    from lamplighter.policy import read_policy, shipped_policy

    values = read_policy(shipped_policy("first_response")).inputs["nature"].values
    return {str(value.value): value.label.in_language(language) for value in values}
