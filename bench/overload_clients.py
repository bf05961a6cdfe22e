"""Clients that keep the service waiting, and a customer beside them. Used by overload.py."""

import http.client
import json
import socket
import statistics
import threading
import time

PATH = "/apiaccess/ccmessaging/downloadFileStream"
UNKNOWN_PATH = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def headers(facts, token):
    return {"x-app-key": facts["appKey"], "Authorization": "Bearer " + facts["accessToken"], "ccmessaging-token": token}


def connect(port, receive_bytes):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.settimeout(5)
    connection.connect(("127.0.0.1", port))
    return connection


def silent(port, sent):
    """A connection for each text, which sends it and then nothing, and reads nothing. One that fails is left out."""
    connections = []
    for text in sent:
        try:
            connection = connect(port, 4096)
            connections.append(connection)
            connection.setblocking(False)
            connection.send(text)
        except OSError:
            pass
    return connections


def liveness(management_port):
    """Seconds of a probe."""
    begin = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", management_port, timeout=60)
    try:
        connection.request("GET", "/actuator/health/liveness")
        if connection.getresponse().status != 200:
            raise RuntimeError("not live")
    finally:
        connection.close()
    return time.monotonic() - begin


def half_head():
    return f"POST {PATH} HTTP/1.1\r\nHost: x\r\nx-app-key: ".encode()


def half_body(facts, token=None):
    """Of a download with credentials, or of a request for a token."""
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers(facts, token).items())] \
        if token else ["POST /apigovernance/api/oauth/tokenByAkSk HTTP/1.1"]
    return "\r\n".join([*lines, "Host: x", "Content-Length: 5000", "", "{"]).encode()


def download(facts, token, file):
    body = json.dumps({"fileId": file, "channel": "WEB", "fileType": "zip"})
    return "\r\n".join([f"POST {PATH} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}",
                        *(f"{name}: {value}" for name, value in headers(facts, token).items()), "", body]).encode()


class Pipelining(threading.Thread):
    """Opens connections at a rate, each with many requests; reads nothing, and closes the oldest beyond a number."""

    def __init__(self, port, a_second, kept=600, requests=400):
        super().__init__(daemon=True)
        self.port, self.a_second, self.kept, self.sent = port, a_second, kept, UNKNOWN_PATH * requests
        self.done, self.opened = threading.Event(), 0

    def run(self):
        connections, begin = [], time.monotonic()
        while not self.done.is_set():
            self.done.wait(max(0, begin + self.opened / self.a_second - time.monotonic()))
            self.opened += 1
            try:
                connection = connect(self.port, 4096)
                connections.append(connection)
                connection.setblocking(False)
                connection.send(self.sent)
            except OSError:
                pass
            if len(connections) > self.kept:
                connections.pop(0).close()
        for connection in connections:
            connection.close()

    def end(self):
        self.done.set()
        self.join()


class Customer:
    """Downloads one small file after the other, each on a connection of its own, and checks its length."""

    def __init__(self, port, facts, token, file, length):
        self.port, self.facts, self.token, self.length = port, facts, token, length
        self.body = json.dumps({"fileId": file, "channel": "WEB", "fileType": "zip"})

    def once(self):
        """Seconds of one download; fails if it is not complete."""
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", PATH, self.body, headers(self.facts, self.token))
            response = connection.getresponse()
            text = response.read()
            if response.status != 200 or len(json.loads(text).get("fileStream", "")) != self.length:
                raise RuntimeError(f"{response.status}: {text[:200]}")
        finally:
            connection.close()
        return time.monotonic() - begin

    def times(self, seconds, pause=0.02):
        """How long each download took, in seconds, and how many failed."""
        taken, failed, end = [], 0, time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                taken.append(self.once())
            except (OSError, RuntimeError, http.client.HTTPException):
                failed += 1
            time.sleep(pause)
        return taken, failed


def summary(taken, failed):
    cuts = statistics.quantiles(taken, n=100) if len(taken) > 1 else [0] * 99
    return f"{len(taken)} downloads, p50 {cuts[49]:.3f} s, p90 {cuts[89]:.3f} s, longest {max(taken):.3f} s, {failed} failed"
