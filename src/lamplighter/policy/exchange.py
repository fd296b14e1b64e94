"""Takes a policy out to other programs, and brings it back: DMN, CSV, XLSX, HTML and YAML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeAlias

from lamplighter.policy.errors import PolicyError, did_you_mean, sentence
from lamplighter.policy.foreign import refuse_foreign
from lamplighter.policy.model import Policy

Form: TypeAlias = Literal["dmn", "csv", "html", "yaml"]
_READ = (".dmn", ".csv", ".xlsx", ".yaml")
_MOST_LOOKED_AT = 100_000_000


class ExchangeError(ValueError):
    """A file that cannot be written, or is in no form that can be read; one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


def exported(policy: Policy, form: Form, language: str = "en") -> bytes:
    """The policy as the content of a file.

    The page is in both languages and shows `language` first; it says of each promise whether it
    is proved, for which the policy is checked now. A sheet begins with a byte order mark, by
    which spreadsheet programs know UTF-8.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> exported(read_policy(shipped_policy("first_response")), "csv")[:11].decode("utf-8-sig")
    '[policy]'
    """
    if form == "dmn":
        from lamplighter.policy.dmn import policy_to_dmn

        return policy_to_dmn(policy).encode()
    if form == "csv":
        from lamplighter.policy.sheet import policy_to_csv

        return policy_to_csv(policy).encode("utf-8-sig")
    if form == "html":
        from lamplighter.policy.check import check
        from lamplighter.policy.page import policy_page

        try:
            report = check(policy)
        except PolicyError:
            # A promise that cannot be read is stated on the page, and not said to be proved.
            return policy_page(policy, language).encode()
        return policy_page(policy, language, report=report).encode()
    from lamplighter.policy.writer import policy_to_yaml

    return policy_to_yaml(policy).encode()


def imported(path: Path) -> Policy:
    """The policy in a DMN model, a sheet or a policy file, told apart by how the name ends.

    Raises `PolicyError`, and `ExchangeError` for another kind of file.
    """
    kind = path.suffix.lower().replace(".yml", ".yaml")
    if kind == ".dmn":
        from lamplighter.policy.dmn import policy_from_dmn

        return policy_from_dmn(path)
    if kind == ".csv":
        from lamplighter.policy.sheet import policy_from_csv

        return policy_from_csv(path)
    if kind == ".xlsx":
        from lamplighter.policy.sheet import policy_from_xlsx

        return policy_from_xlsx(path)
    if kind == ".yaml":
        from lamplighter.policy.reader import read_policy

        return read_policy(path)
    if path.is_file():
        with path.open("rb") as file:
            refuse_foreign(file.read(_MOST_LOOKED_AT), str(path))
    endings = ", ".join(_READ)
    hint = did_you_mean(kind, _READ) if kind else f"give a file that ends in one of {endings}"
    raise ExchangeError(f"{path} is no form of a policy that can be read by its name; {hint}")


def write_whole(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write a file whole or not at all; one that is there is replaced only with `force`.

    Raises `ExchangeError`.
    """
    if path.exists() and not force:
        raise ExchangeError(f"{path} is already there; choose another name or add --force")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ExchangeError(
            f"{path} cannot be written ({error.strerror}); check the folder and its rights"
        ) from None
