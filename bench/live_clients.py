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

WEIGHTS = {"small": 35, "local": 15, "medium": 10, "unauthorized": 10, "missing": 10, "unknown path": 8, "expired": 5,
           "pdf": 5, "large": 2}
LARGEST_WITH_CODE = 48 * 1024  # of a larger file, the code is in the body alone
SLOW_BYTES_A_SECOND = 1_500_000
CHUNK = 64 * 1024


class Clients:
    """
    `plan` names the port, the headers, the files of each kind, how many clients send how many requests a second in all,
    and how many slow readers there are.
    """

    def __init__(self, plan, folder):
        self.plan, self.folder = plan, folder
        self.port, self.headers = plan["port"], plan["headers"]
        self.files = {kind: {name: self.envelope(Path(path)) for name, path in versions.items()}
                      for kind, versions in plan["files"].items()}
        self.chance = random.Random(len(plan["sessions"]))
        self.waiting = set()
        self.done = threading.Event()

    @staticmethod
    def envelope(path):
        content = path.read_bytes()
        code = "0" if len(content) <= LARGEST_WITH_CODE else None
        return code, b'{"fileStream":"' + base64.b64encode(content) + b'","resultCode":"0"}'

    def request(self, connection, kind):
        # Customers, each with a session, as many as there are in a contact centre at a time.
        headers = {**self.headers, "ccmessaging-token": self.chance.choice(self.plan["sessions"])}
        path, body = PATH, {"fileId": "file-4096", "channel": "WEB", "fileType": "zip"}
        if kind == "unauthorized":
            headers = {**headers, "ccmessaging-token": headers["ccmessaging-token"][:-4] + "AAAA"}
        elif kind == "expired":
            headers = {**headers, "Authorization": self.plan["expired"]}
        elif kind == "unknown path":
            path = "/apiaccess/ccmessaging/nothing"
        else:
            body = self.plan["bodies"][kind]
        connection.request("POST", path, json.dumps(body), headers)
        return connection.getresponse()

    def outcome(self, kind, response, body):
        """The name of the file whose bytes came, or what was told instead."""
        code, text = response.getheader("resultCode"), response.getheader("resultDesc")
        if response.status == 200 and text is None:
            for name, (expected_code, expected) in self.files.get(kind, {}).items():
                if body == expected and code == expected_code:
                    return name
        return [response.status, code, text, body[:300].decode(errors="replace")]

    def pause(self, name):
        while (self.folder / "pause").exists() and not self.done.is_set():
            self.waiting.add(name)
            time.sleep(0.05)
        self.waiting.discard(name)

    def client(self, number):
        name = f"client-{number}"
        chance = random.Random(number)
        period = self.plan["clients"] / self.plan["rate"]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        turn = time.monotonic() + chance.random() * period
        with open(self.folder / f"{name}.jsonl", "w") as log:
            while not self.done.wait(max(0, turn - time.monotonic())):
                self.pause(name)
                # Who was held up does not make up for it: a client waits for its response.
                turn = max(turn + period, time.monotonic() - period)
                kind = chance.choices(list(WEIGHTS), WEIGHTS.values())[0]
                begin = first = time.monotonic()
                try:
                    response = self.request(connection, kind)
                    first = time.monotonic()
                    outcome = self.outcome(kind, response, response.read())
                except (OSError, http.client.HTTPException) as failed:
                    first = time.monotonic()
                    outcome = f"failed: {failed!r}"
                    connection.close()
                log.write(json.dumps([kind, begin, first, time.monotonic(), outcome]) + "\n")

    def slow_reader(self, number):
        """A download that takes some 20 s, one after the other."""
        name, kind = f"slow-{number}", "pdf slow"
        with open(self.folder / f"{name}.jsonl", "w") as log:
            while not self.done.is_set():
                self.pause(name)
                begin = first = time.monotonic()
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                try:
                    connection.sock = socket.socket()
                    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
                    connection.sock.connect(("127.0.0.1", self.port))
                    response = self.request(connection, kind)
                    first = time.monotonic()
                    body = bytearray()
                    while chunk := response.read(CHUNK):
                        body += chunk
                        time.sleep(len(chunk) / SLOW_BYTES_A_SECOND)
                    outcome = self.outcome(kind, response, body)
                except (OSError, http.client.HTTPException) as failed:
                    outcome = f"failed: {failed!r}"
                finally:
                    connection.close()
                log.write(json.dumps([kind, begin, first, time.monotonic(), outcome]) + "\n")

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
