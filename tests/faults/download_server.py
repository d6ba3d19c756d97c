# SPDX-License-Identifier: MIT
"""A web server on 127.0.0.1 that answers as it is told to, and one that is a proxy."""

import http.server
import select
import socket
import ssl
import threading
from collections import deque

ETAG = '"v1"'


class Server(http.server.ThreadingHTTPServer):
    """Answers each request with the next of `answers`, and then with `usual`.

    An answer is a function of the handler. `requests` holds the handlers of all requests so far:
    their `path` and `headers` are what was asked.
    """

    daemon_threads = True  # one that stalls is not waited for

    def __init__(self, usual, *answers, certificate=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.usual = usual
        self.answers = deque(answers)
        self.requests = []
        self.given_up = threading.Event()
        self.scheme = "http"
        if certificate is not None:
            self.scheme = "https"
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
            self.socket = self._context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server_port}/weights.pth"

    @property
    def ranges(self):
        return [request.headers["Range"] for request in self.requests]

    def handle_error(self, request, client_address):
        """Clients go away in the middle; that is what the tests are about."""

    def close(self):
        self.given_up.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.requests.append(self)
        self.close_connection = True
        answer = self.server.answers.popleft() if self.server.answers else self.server.usual
        answer(self)

    do_CONNECT = do_GET  # noqa: N815 - the name that http.server looks for

    def log_message(self, *arguments):
        pass


def send(handler, status, body=b"", **fields):
    """Send a status, fields (with _ for -) and a body, with its length unless that is given."""
    handler.send_response(status)
    for name, value in ({"Content_Length": len(body)} | fields).items():
        if value is not None:
            handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)


def fail(status, **fields):
    return lambda handler: send(handler, status, b"no", **fields)


def redirect(url, **fields):
    return lambda handler: send(handler, 302, b"there", Location=url, **fields)


def serve(data, etag=ETAG, *, stop_after=None, then_stall=False, **fields):
    """A file of a server that keeps to the rules; `stop_after` so many bytes it breaks off."""

    def answer(handler):
        start, wanted = 0, handler.headers["Range"]
        if wanted and handler.headers["If-Range"] in (etag, fields.get("Last_Modified")):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        body = data[start:]
        told = {"ETag": etag, "Content_Length": len(body)} | fields
        if start:
            told["Content_Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        send(handler, 206 if start else 200, body[:stop_after], **told)
        if then_stall:
            handler.wfile.flush()
            handler.server.given_up.wait()

    return answer


def stall(handler):
    handler.server.given_up.wait()


def chunks(*bodies, is_whole=True, **fields):
    """An answer in chunks, of which nobody knows in advance how many there will be."""

    def answer(handler):
        send(handler, 200, Content_Length=None, Transfer_Encoding="chunked", **fields)
        for body in bodies:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        if is_whole:
            handler.wfile.write(b"0\r\n\r\n")

    return answer


def tunnel_to(port):
    """What a slow proxy does when asked to connect: pass bytes on, here always to one port."""

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.flush()
        handler.server.given_up.wait(0.5)
        with socket.create_connection(("127.0.0.1", port)) as other:
            sides = {handler.connection: other, other: handler.connection}
            while True:
                for side in select.select(list(sides), [], [], 10)[0]:
                    data = side.recv(1 << 16)
                    if not data:
                        return
                    sides[side].sendall(data)

    return answer
