# SPDX-License-Identifier: MIT
"""What the original study of 2018 published of its recovery experiment, for comparison."""

from msgspec import Struct

QUERIES = 989
COPIES = 5  # of each photo, all of them relevant

# Mean precision over the queries, by network and k.
_PRECISION = {
    "vgg16": {1: 1.00, 3: 0.99, 5: 0.83},
    "densenet201": {1: 0.94, 3: 0.75, 5: 0.49},
    "resnet152": {1: 0.93, 3: 0.674, 5: 0.45},
}


class Published(Struct, frozen=True):
    """Mean precision, recall and F1 at k."""

    precision: float
    recall: float
    f1: float


def published(backbone: str, k: int) -> Published | None:
    """The figures of a network at k = 1, 3 or 5; None for a network that was not in the study.

    It published recall and F1 for ResNet152 only; the others follow exactly: with f of five copies
    among the first k, precision is f/k, recall f/5 and F1 2f/(k + 5), each a multiple of the other.
    """
    precision = _PRECISION.get(backbone, {}).get(k)
    if precision is None:
        return None
    found = precision * k
    return Published(precision, found / COPIES, 2 * found / (k + COPIES))
