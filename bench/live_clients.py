"""The customers of bench/live, in a process of their own: they note each response, and judge nothing but files' bytes."""

import base64
import http.client
import json
import random
import socket
import sys
import threading
import time
from pathlib import Path

from contenders import PATH

WEIGHTS = {"small": 25, "probe": 25, "local": 10, "unauthorized": 10, "pdf": 8, "extra": 8, "unknown path": 7, "medium": 5,
           "large": 2}
PATHS = {"probe": "/probe", "extra": "/extra", "unknown path": "/apiaccess/ccmessaging/nothing"}
SLOW_BYTES_A_SECOND = 1_500_000
CHUNK = 64 * 1024


class Clients:
    """`plan` has the port, headers and bodies of requests, the files by their names, and the numbers of clients."""

    def __init__(self, plan, folder):
        self.plan, self.folder, self.port = plan, folder, plan["port"]
        self.files = {b'{"fileStream":"' + base64.b64encode(Path(path).read_bytes()) + b'","resultCode":"0"}': name
                      for name, path in plan["files"].items()}
        self.waiting, self.done = set(), threading.Event()

    def request(self, connection, kind):
        if kind in PATHS:
            connection.request("GET" if kind != "unknown path" else "POST", PATHS[kind])
        else:
            headers = dict(self.plan["headers"])
            if kind == "unauthorized":
                headers["ccmessaging-token"] = headers["ccmessaging-token"][:-4] + "AAAA"
            connection.request("POST", PATH, self.plan["bodies"].get(kind, "{}"), headers)
        return connection.getresponse()

    def outcome(self, kind, response, body):
        """The name of the file that came, or the text of the response."""
        if response.status == 404 and kind in ("extra", "unknown path"):
            return "404"
        if kind == "unauthorized":
            text = json.loads(body).get("exceptionInfo")
            return text if response.status == 401 and text == response.getheader("resultDesc") else \
                f"{response.status} {response.getheader('resultDesc')} {text}"
        if response.status == 200:
            return self.files.get(bytes(body)) or body[:200].decode(errors="replace")
        return f"failed: {response.status} {body[:200].decode(errors='replace')}"

    def pause(self, name):
        while (self.folder / "pause").exists() and not self.done.is_set():
            self.waiting.add(name)
            time.sleep(0.05)
        self.waiting.discard(name)

    def noted(self, log, kind, connection, read):
        begin = first = time.monotonic()
        try:
            response = self.request(connection, kind)
            first = time.monotonic()
            outcome = self.outcome(kind, response, read(response))
        except (OSError, http.client.HTTPException, ValueError) as failed:
            outcome = f"failed: {failed!r}"
            connection.close()
        log.write(json.dumps([kind, begin, first, time.monotonic(), outcome]) + "\n")

    def client(self, number):
        chance = random.Random(number)
        period = self.plan["clients"] / self.plan["rate"]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        turn = time.monotonic() + chance.random() * period
        with open(self.folder / f"client-{number}.jsonl", "w") as log:
            while not self.done.wait(max(0, turn - time.monotonic())):
                self.pause(f"client-{number}")
                turn = max(turn + period, time.monotonic() - period)
                kind = chance.choices(list(WEIGHTS), WEIGHTS.values())[0]
                self.noted(log, kind, connection, lambda response: response.read())

    def slow_reader(self, number):
        """A download that takes some 20 s, one after the other."""
        def read(response):
            body = bytearray()
            while chunk := response.read(CHUNK):
                body += chunk
                time.sleep(len(chunk) / SLOW_BYTES_A_SECOND)
            return body
        with open(self.folder / f"slow-{number}.jsonl", "w") as log:
            while not self.done.is_set():
                self.pause(f"slow-{number}")
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.sock = socket.socket()
                connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
                connection.sock.connect(("127.0.0.1", self.port))
                self.noted(log, "slow", connection, read)
                connection.close()

    def run(self):
        threads = [threading.Thread(target=self.client, args=(i,)) for i in range(self.plan["clients"])]
        threads += [threading.Thread(target=self.slow_reader, args=(i,)) for i in range(self.plan["slow"])]
        for thread in threads:
            thread.start()
        while not (self.folder / "stop").exists():
            if len(self.waiting) == len(threads):
                (self.folder / "paused").touch()
            else:
                (self.folder / "paused").unlink(missing_ok=True)
            time.sleep(0.05)
        self.done.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    Clients(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[1]).parent).run()
