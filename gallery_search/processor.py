# SPDX-License-Identifier: MIT
"""What this computer's processor can do."""

import importlib
from collections.abc import Mapping


def features() -> Mapping[str, bool]:
    """What NumPy has found it to have, by name, such as "AVX2"; empty where it does not tell."""
    try:
        core = importlib.import_module("numpy._core._multiarray_umath")
    except ImportError:
        return {}
    found: Mapping[str, bool] = getattr(core, "__cpu_features__", {})
    return found
