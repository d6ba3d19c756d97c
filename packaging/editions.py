# SPDX-License-Identifier: MIT
"""The editions of the installers, which differ in whether PyTorch is inside, and which build."""

import enum

_PROGRAM = "gallery-search"


class Edition(enum.Enum):
    """One edition; its value names folders and, after the program's name, files."""

    STANDARD = "standard"  # the default network, converted; no PyTorch
    FULL = "full"  # all networks, with PyTorch's build for processors
    FULL_GPU = "full-gpu"  # the same with the build that pip takes by itself: on Linux, with CUDA

    @classmethod
    def of_option(cls, torch: str | None) -> "Edition":
        """What `--with-torch` asks for: None where it is not given, else "cpu" or "gpu"."""
        return {None: cls.STANDARD, "cpu": cls.FULL, "gpu": cls.FULL_GPU}[torch]

    @property
    def has_torch(self) -> bool:
        """Whether PyTorch is inside, and with it what the other networks need."""
        return self is not Edition.STANDARD

    @property
    def file_name(self) -> str:
        """What files of this edition have in their names, before the version."""
        return f"{_PROGRAM}-{self.value}" if self.has_torch else _PROGRAM
