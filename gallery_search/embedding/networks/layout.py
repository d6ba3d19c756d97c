# SPDX-License-Identifier: MIT
"""How light and dark are spread over an image, as numbers that mirroring does not change.

Networks that learned to name things lose a photo once its colours, its edges or its upright
position are gone, though the coarse spread of light is still there to see. As in perceptual
hashes (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010) it is
taken from the lowest frequencies of the brightness. Mirroring an image only turns the sign of
some of them, and a quarter turn swaps those across and down: of each pair, sizes alone are kept,
and of those the sum and the difference without its sign.
"""

import math

import torch
from torch import nn

DIMENSION = 143  # 12 x 12 frequencies but the average: 77 pairs' sums, 66 pairs' differences

_CELLS = 32  # the image is averaged to as many by as many
_FREQUENCIES = 12
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
# In 255ths of the range, like a step of a JPEG's quantisation: weaker waves are noise.
_NOISE = 16.0
# Photos have 16 to 27; below it the image is nearly plain, and its layout says nothing.
_LEAST_NORM = 5.0


class BrightnessLayout(nn.Module):
    """Pixels (n, 3, s, s) from -1 to 1, s a multiple of 32, to (n, 143) of length 1.

    Nearly plain images get less than length 1, plain ones zeros.
    """

    def __init__(self) -> None:
        super().__init__()
        self.luma: torch.Tensor
        self.waves: torch.Tensor
        self.steepness: torch.Tensor
        self.across: torch.Tensor
        self.down: torch.Tensor
        self.pairs: torch.Tensor
        frequency = torch.arange(_FREQUENCIES)
        cell = torch.arange(_CELLS) + 0.5
        # The orthonormal cosine transform (type II).
        waves = torch.cos(math.pi / _CELLS * frequency[:, None] * cell) * math.sqrt(2 / _CELLS)
        waves[0] /= math.sqrt(2)
        # In photos a wave's amplitude falls with its frequency (Field, "Relations between the
        # statistics of natural images and the response properties of cortical cells", 1987).
        steepness = torch.hypot(frequency[:, None].float(), frequency.float())
        across, down = torch.triu_indices(_FREQUENCIES, _FREQUENCIES)[:, 1:]
        self.register_buffer("luma", torch.tensor(_LUMA).view(1, 3, 1, 1) * (127.5 / _NOISE))
        self.register_buffer("waves", waves)
        self.register_buffer("steepness", steepness)
        self.register_buffer("across", across * _FREQUENCIES + down)
        self.register_buffer("down", down * _FREQUENCIES + across)
        self.register_buffer("pairs", torch.nonzero(across != down).flatten())

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """See the class."""
        brightness = (pixels * self.luma).sum(dim=1)
        cells = nn.functional.avg_pool2d(brightness, pixels.shape[-1] // _CELLS)
        strengths = self.waves @ cells @ self.waves.T * self.steepness
        # log(strengths^2 + 1), without the square, for which half precision has no room: a
        # logarithm, so that contrast only adds to all, and is gone with their mean below.
        sizes = strengths.abs().flatten(1)
        above = sizes.clamp(min=1.0)
        sizes = 2 * above.log() + (sizes.clamp(max=1.0) / above).square().log1p()
        across, down = sizes[:, self.across], sizes[:, self.down]
        sums, differences = across + down, (across - down).abs()[:, self.pairs]
        layout = torch.cat([_centred(sums), _centred(differences)], dim=1) / math.sqrt(2)
        length = layout.norm(dim=1, keepdim=True)
        scaled: torch.Tensor = layout / length.clamp(min=_LEAST_NORM)
        return scaled


def _centred(values: torch.Tensor) -> torch.Tensor:
    return values - values.mean(dim=1, keepdim=True)
