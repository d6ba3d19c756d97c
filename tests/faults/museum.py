# SPDX-License-Identifier: MIT
"""A museum on 127.0.0.1: a file of its works, and a picture of each, served as it is told to."""

import io
import json
import threading
import time
from collections import defaultdict, deque

import numpy as np
from download_server import Server, fail, send, serve
from PIL import Image

_LINGER_S = 0.02  # in which one connection too many would show


def picture(number, size=(240, 160), image_format="JPEG", **options):
    """An encoded image that is different for each number."""
    generator = np.random.default_rng(number)
    coarse = generator.integers(0, 256, (6, 8, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(coarse).resize(size).save(file, image_format, **options)
    return file.getvalue()


class Museum:
    """Serves `/media/<number>.jpg`; each number may have answers of its own.

    Attributes:
        pictures: encoded images by number, as they are sent unless told otherwise.
        answers: by number, functions of the handler for the next requests.
        asked: the numbers that were asked for, in order.
        asked_s: when, by `time.monotonic`.
        agents: the names that the callers gave themselves.
        most_at_once: how many requests were under way at the same time.
    """

    def __init__(self, count=6):
        self.pictures = {number: picture(number) for number in range(1, count + 1)}
        self.answers = defaultdict(deque)
        self.asked, self.asked_s, self.agents = [], [], set()
        self.most_at_once = self._now = 0
        self._changed = threading.Condition()
        self.server = Server(self._answer)

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def ranges(self):
        return [range_ for range_ in self.server.ranges if range_ is not None]

    def url(self, number):
        return f"{self.origin}/media/{number}.jpg?sha=0123456789abcdef"

    def rows(self):
        """The works as the museum's newer JSON has them."""
        return [
            {
                "Title": f"Work {number}",
                "Artist": [f"Artist {number}", "Another"],
                "Medium": "Oil on canvas",
                "Dimensions": "10 x 20 cm",
                "Date": str(1900 + number),
                "ObjectID": number,
                "ImageURL": self.url(number),
            }
            for number in self.pictures
        ] + [{"Title": "Without a picture", "ObjectID": 9999, "ImageURL": None}]

    def publish(self, path):
        """Write the museum's file."""
        path.write_text(json.dumps(self.rows()), encoding="utf-8")
        return path

    def _answer(self, handler):
        number = int(handler.path.partition("?")[0].removeprefix("/media/").removesuffix(".jpg"))
        with self._changed:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.asked.append(number)
            self.asked_s.append(time.monotonic())
            self.agents.add(handler.headers["User-Agent"])
            answers = self.answers[number]
            answer = answers.popleft() if answers else serve(self.pictures[number], f'"{number}"')
            self._changed.notify_all()
            # Before the end of the answer, as the caller goes on when it has that.
            self._changed.wait_for(lambda: self._now > 2, _LINGER_S)
            self._now -= 1
        answer(handler)

    def wait_asked(self, count):
        """Wait until so many requests have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.asked) >= count, 30), self.asked

    def close(self):
        self.server.close()


def web_page(handler):
    """What a museum shows in place of a picture."""
    send(handler, 200, b"<!DOCTYPE html><p>We are rebuilding.", Content_Type="text/html")


def page_that_says_it_is_a_picture(handler):
    send(handler, 200, b"<html>Log in</html>", Content_Type="image/jpeg")


def other(data):
    """Answers with other bytes than the picture."""
    return lambda handler: send(handler, 200, data, Content_Type="image/jpeg")


busy = fail(503)
