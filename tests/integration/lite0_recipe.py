# SPDX-License-Identifier: MIT
"""The recipe of EfficientNet-Lite0 as docs/quality.md states it, in NumPy, number by number."""

import numpy as np
import torch


def embed(features: torch.Tensor, classifier: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Embeddings (n, 1024) of any length.

    Args:
        features: (n, 1280, 7, 7), the network's last feature map.
        classifier: (1000, 1280).
        x: (n, 3, 224, 224), pixels from -1 to 1.
    """
    pooled = (features.double().numpy() ** 3).mean((2, 3)) ** (1 / 3)
    shown = pooled @ _directions(classifier.double().numpy())
    shown /= np.linalg.norm(shown, axis=1, keepdims=True)
    pixels = (x.double().permute(0, 2, 3, 1).numpy() + 1) * 127.5
    light = np.stack([_layout(image) for image in pixels])
    return torch.from_numpy(np.concatenate([shown, 0.4 * light], axis=1)).float()


def _directions(weights: np.ndarray) -> np.ndarray:
    weights = weights - weights.mean(0)
    _, singular, directions = np.linalg.svd(weights, full_matrices=False)
    importance = singular**2 / (np.sum(singular**2) / weights.shape[1])
    scaled = []
    for value, direction in list(zip(importance, directions, strict=True))[:881]:
        sign = np.sign(direction[np.argmax(np.abs(direction))])
        scaled.append(sign * direction * (value + 0.1) ** 0.25)
    return np.stack(scaled, axis=1)


def _layout(pixels: np.ndarray) -> np.ndarray:
    """Of one image, (224, 224, 3) from 0 to 255."""
    brightness = pixels @ [0.299, 0.587, 0.114]
    cells = brightness.reshape(32, 7, 32, 7).mean((1, 3))
    place = (np.arange(32) + 0.5) / 32
    sizes = np.zeros((12, 12))
    for down in range(12):
        for across in range(12):
            wave = np.outer(np.cos(np.pi * down * place), np.cos(np.pi * across * place))
            strength = np.sum(wave * cells) / np.linalg.norm(wave) * np.hypot(down, across)
            sizes[down, across] = np.log(strength**2 + 16**2)
    pairs = [(i, j) for i in range(12) for j in range(i, 12) if j > 0]
    sums = np.array([sizes[i, j] + sizes[j, i] for i, j in pairs])
    differences = np.array([abs(sizes[i, j] - sizes[j, i]) for i, j in pairs if i != j])
    both = np.concatenate([sums - sums.mean(), differences - differences.mean()]) / np.sqrt(2)
    return both / max(np.linalg.norm(both), 5)
