# SPDX-License-Identifier: MIT
"""What a machine must have for these tests, and what becomes of them where it is missing."""

import os
import sys

import pytest
from session import missing_tools


def require_desktop() -> None:
    """Skip the test, or in CI fail it, where no virtual desktop can be had."""
    if sys.platform != "linux":
        pytest.skip("a virtual desktop needs an X server, which is at home on Linux")
    require_tools(missing_tools(), is_ci=bool(os.environ.get("CI")))


def require_tools(missing: tuple[str, ...], *, is_ci: bool) -> None:
    """Skip the test where tools are missing; in CI fail, because nobody reads what was skipped."""
    if missing:
        reason = f"a virtual desktop needs: {' '.join(missing)} (packages of Debian and Ubuntu)"
        if is_ci:
            pytest.fail(reason)
        pytest.skip(reason)
