# SPDX-License-Identifier: MIT
"""Importing OpenVINO without the package that reports its use over the network."""

import sys
from typing import Any


def import_openvino() -> Any:
    """The module `openvino`; everything of this program imports it through here.

    OpenVINO installs `openvino_telemetry` along with itself, which contacts its makers at every
    import and conversion. Where it cannot be imported, OpenVINO does without.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino

    return openvino
