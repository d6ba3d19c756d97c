# SPDX-License-Identifier: MIT
"""From listings to indexed photos: compared with the catalogue, decoded, embedded."""
