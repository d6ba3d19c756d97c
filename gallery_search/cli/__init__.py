# SPDX-License-Identifier: MIT
"""The commands as a person or a script meets them: texts, JSON, progress and exit statuses.

Standard output holds results only; progress and warnings go to standard error. A library that
another process owns is asked through that process.

Modules import at their head only what every command needs: a search is to be answered within the
time that importing the libraries takes, and what an owner answers needs none of them.
"""
