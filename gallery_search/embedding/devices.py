# SPDX-License-Identifier: MIT
"""Which devices of this computer can run a backbone, as far as can be told without trying."""

import contextlib
import json
import logging
import os
import sys
from pathlib import Path

from gallery_search.embedding import measurements
from gallery_search.embedding.conversion import StartChild
from gallery_search.embedding.openvino_embedder import has_intel_gpu
from gallery_search.embedding.torch_embedder import torch_devices

log = logging.getLogger(__name__)

_CACHE = "devices.json"
# Without any of these no driver is loaded that torch could use: NVIDIA (the second is WSL's), AMD,
# any other GPU.
_LINUX_GPU_FILES = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd", "/dev/dri")


def available(models: Path, start_child: StartChild) -> list[str]:
    """All devices to be considered, the CPU first.

    Args:
        models: the library's folder of networks, where torch's devices are remembered.
        start_child: how to start the child that asks torch.
    """
    found = ["cpu"]
    if has_intel_gpu():
        found.append("intel-gpu")
    if sys.platform != "linux" or any(map(os.path.exists, _LINUX_GPU_FILES)):
        found += known_to_torch(models / _CACHE, start_child)
    return found


def forget(models: Path) -> None:
    """Ask torch anew the next time, as the user has asked for it."""
    with contextlib.suppress(OSError):
        (models / _CACHE).unlink()


def known_to_torch(cache: Path, start_child: StartChild) -> list[str]:
    """The devices that torch can use; asked once for torch and drivers as they are, remembered."""
    version = measurements.version("torch")
    if version is None:
        return []
    key = {"torch": version, "drivers": [name for name in _LINUX_GPU_FILES if os.path.exists(name)]}
    try:
        known = json.loads(cache.read_bytes())
        if known == measurements.sealed(known) and known.items() >= key.items():
            return [str(name) for name in known["devices"]]
        log.info("%s is damaged, or of other drivers; torch is asked anew", cache)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("%s is damaged (%s); torch is asked anew", cache, error)
    devices = torch_devices(start_child)
    if devices is None:
        return []
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(measurements.sealed(key | {"devices": devices})), "utf-8")
    except OSError as error:
        log.warning("the devices are asked for again at the next start: %s", error)
    return devices
