# SPDX-License-Identifier: MIT
"""Importing OpenVINO without what the program has no use for."""

import contextlib
import functools
import sys
from typing import Any

# The package that reports its use to its makers over the network, at every import and conversion.
_TELEMETRY = "openvino_telemetry"
# What converts networks, of use in the converter's process alone: half of the import's time.
_CONVERSION = "openvino.tools.ovc"


def import_openvino() -> Any:
    """The module `openvino`; everything of this program imports it through here.

    OpenVINO does without the parts that cannot be imported.
    """
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]
    sys.modules.setdefault(_CONVERSION, None)  # type: ignore[arg-type]
    import openvino

    return openvino


@functools.cache
def core() -> Any:
    """The one `openvino.Core` of this process, so that each device's part is loaded once."""
    return import_openvino().Core()


def warm_up() -> None:
    """Load OpenVINO and its part for the CPU now; what fails will fail again where it is used."""
    with contextlib.suppress(ImportError, RuntimeError):
        core().get_property("CPU", "FULL_DEVICE_NAME")


def import_conversion() -> Any:
    """OpenVINO's function `convert_model`."""
    import_openvino()
    if sys.modules.get(_CONVERSION) is None:
        del sys.modules[_CONVERSION]
    from openvino.tools.ovc import convert_model

    return convert_model
