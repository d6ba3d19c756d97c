# SPDX-License-Identifier: MIT
"""Gallery Search: drop an image on the window and see the photos of yours that look like it.

The layers, from the top; each imports only what stands below it:

    __main__    reads the arguments and starts the window or a command
    app, cli    compose the parts and start them
    gui         the window; the only layer that knows Qt
    pipeline    scans, watches, decodes, embeds, stores, indexes and searches
    catalogue, index, embedding, imaging
                SQLite; Annoy and exact search; OpenVINO and torch; Pillow
    processes, settings, paths, records, errors
                what every layer shares
"""

__version__ = "0.1.0"
# Where it is released, as "https://host/owner/name"; a release must name it (docs/release.md).
__repository__ = ""
