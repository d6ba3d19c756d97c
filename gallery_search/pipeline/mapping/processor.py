# SPDX-License-Identifier: MIT
"""Whether this computer's processor can run what the map is made with."""

import platform

from gallery_search.errors import ExternalError
from gallery_search.language import mark
from gallery_search.processor import features

_X86_64 = ("x86_64", "amd64")
_TOO_OLD = mark(
    "The map needs a processor with AVX2, as most have since 2013. All else works without it."
)


def require() -> None:
    """Raise ExternalError where openTSNE, as its wheels are compiled, would end the process."""
    if platform.machine().lower() in _X86_64 and not features().get("AVX2", True):
        raise ExternalError(_TOO_OLD)
