# SPDX-License-Identifier: MIT
"""Loading OpenVINO tells nobody anything over the network, and loads no more than is used."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "gallery_search"

# Every look-up of a host and every connection raises an audit event, in threads as well.
LISTEN = """
import sys, threading
def listen(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect"):
        print("network:", event, arguments, flush=True)
sys.addaudithook(listen)
{load}
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(20)
print("telemetry" if sys.modules.get("openvino_telemetry") else "loaded")
"""


def test_loading_openvino_does_not_touch_the_network(tmp_path: Path) -> None:
    load = (
        "from gallery_search.embedding import openvino_runtime\n"
        "openvino_runtime.import_openvino().Core()\n"
        "assert 'openvino.tools.ovc.convert' not in sys.modules, 'half of the import is useless'\n"
        "assert callable(openvino_runtime.import_conversion())"
    )
    done = subprocess.run(
        [sys.executable, "-c", LISTEN.format(load=load)],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "loaded\n"
    assert list(tmp_path.iterdir()) == []  # nor is anything noted down for later


def test_openvino_is_imported_in_one_place() -> None:
    importers = {
        module.name
        for module in PACKAGE.rglob("*.py")
        for line in module.read_text("utf-8").splitlines()
        if line.strip().startswith(("import openvino", "from openvino"))
    }
    assert importers == {"openvino_runtime.py"}
