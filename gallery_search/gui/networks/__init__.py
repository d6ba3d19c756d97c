# SPDX-License-Identifier: MIT
"""The networks that can be chosen, with a card for each."""
