# SPDX-License-Identifier: MIT
"""From folders to answers: everything that happens in the background.

The scanner thread lists directories and hands the listings to the worker thread, which compares
them with the catalogue. What is new goes to the decoder processes and comes back as pixels,
thumbnail and hash; the worker embeds it, stores it and adds it to the index, and in between
answers queries, which overtake all else. A builder process turns the stored embeddings into an
Annoy index now and then. The reader thread serves the grid from a connection of its own.

`Library` is the door: the window and the commands call it, and get events back.
"""
