"""Running what is asynchronous in a test, also where Playwright's loop has the tests' thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(scene: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own, and give what it gives."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
