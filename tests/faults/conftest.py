# SPDX-License-Identifier: MIT
"""What the tests of faults share with those of the pipeline, and the ledger of their campaigns."""

import pytest
from campaign import Ledger
from converted import converted_models, library_root
from kept_library import kept, kept_template
from opening import open_library

__all__ = ["converted_models", "kept", "kept_template", "library_root", "open_library"]

_LEDGER = pytest.StashKey[Ledger]()


def pytest_configure(config):
    config.stash[_LEDGER] = Ledger()


@pytest.fixture
def ledger(request) -> Ledger:
    """Takes what a campaign of faults did; printed at the end of the run."""
    return request.config.stash[_LEDGER]


def pytest_terminal_summary(terminalreporter, config):
    if lines := config.stash[_LEDGER].lines():
        terminalreporter.section("photos at risk")
        for line in lines:
            terminalreporter.write_line(line)
