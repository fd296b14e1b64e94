"""Where the browser of the tests is: the system's Chromium, else Playwright's own."""

import shutil
import subprocess
import sys

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The path of a Chromium that Playwright can drive, or None when there is none here."""
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
    except Exception:
        # Its driver does not start, for want of a system library: no browser can be driven then.
        return None
    systems = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in (*systems, own) if path and _starts(path)), None)


def _starts(path: str) -> bool:
    """Ubuntu's `chromium-browser` may only say how to get one; Playwright's may lack a library."""
    try:
        run = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(0 if find() else 1)
