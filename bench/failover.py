"""Kills the first of two stores under load, with docs/examples/read-a-second-store.patch. Started by bench/failover."""

import argparse
import base64
import collections
import http.client
import json
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import contenders
from contenders import PATH, ROOT, body
from live import Service, say

SIZE = 40960
PATCH = ROOT / "docs/examples/read-a-second-store.patch"


class Client(threading.Thread):
    """Downloads one file at a fixed rate over one connection, and judges each response."""

    def __init__(self, port, facts, file, seconds_for_each):
        super().__init__(daemon=True)
        self.port, self.file, self.seconds_for_each = port, file, seconds_for_each
        self.headers = {"Content-Type": "application/json", "x-app-key": facts["appKey"],
                        "Authorization": "Bearer " + facts["accessToken"], "ccmessaging-token": facts["sessionToken"]}
        self.seen, self.ended = [], threading.Event()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.ended.is_set():
            begin = time.monotonic()
            connection.request("POST", PATH, body(SIZE), self.headers)
            answer = json.loads(connection.getresponse().read())
            end = time.monotonic()
            code = answer["resultCode"]
            if code == "0" and base64.b64decode(answer["fileStream"]) != self.file:
                code = "wrong bytes"
            self.seen.append((begin, end, code))
            self.ended.wait(max(0.0, self.seconds_for_each - (end - begin)))


def served(service):
    """Downloads by branch and resultCode, of the service's own metrics."""
    found = collections.Counter()
    for line in service.metrics():
        if line.startswith("filestream_downloads_total{"):
            labels = dict(part.split("=") for part in line[line.index("{") + 1:line.index("}")].replace('"', "").split(","))
            found[labels["branch"] + " " + labels["resultCode"]] += float(line.rpartition(" ")[2])
    return found


def measure(options, work):
    stores = []
    for name in ("first", "second"):
        (work / name).mkdir()
        stores.append(contenders.Store(work / name, [4096, SIZE]))
    first, second = stores
    for folder in ("config", "routes"):
        shutil.copytree(ROOT / folder, work / folder)
    contenders.run(["patch", "-p1", "-s", "-i", PATCH], cwd=work)
    service = Service(work, first, java=[f"-Dspring.config.additional-location=file:{work}/config/"],
                      FILESTREAM_STORAGE_REPLICA_BUCKET="standard",
                      FILESTREAM_STORAGE_REPLICA_S3_ENDPOINT=second.facts["endpoint"],
                      FILESTREAM_STORAGE_LOCAL_ROOT=work)
    service.start()
    file = (work / f"first/objects/standard/demo/file-{SIZE}").read_bytes()
    clients = [Client(service.contender.port, first.facts, file, options.clients / options.rate)
               for _ in range(options.clients)]
    for client in clients:
        client.start()
    events = [(options.warm, "the first store hangs", lambda: first.process.send_signal(signal.SIGSTOP)),
              (options.seconds, "the first store goes on", lambda: first.process.send_signal(signal.SIGCONT)),
              (options.seconds, "the first store is killed", lambda: contenders.stop(first.process)),
              (options.seconds, "the end", lambda: None)]
    marks, metrics = [], [served(service)]
    for seconds, what, act in events:
        time.sleep(seconds)
        metrics.append(served(service))
        say(f"{what}; since the last line {dict(metrics[-1] - metrics[-2])}")
        marks.append((time.monotonic(), what))
        act()
    for client in clients:
        client.ended.set()
    for client in clients:
        client.join()
    report(marks, [seen for client in clients for seen in client.seen])


def report(marks, seen):
    """A line for each second after an event: responses that began in it, failures, and the slowest."""
    for (begin, what), (end, _) in zip(marks, marks[1:]):
        print(what)
        for second in range(int(end - begin)):
            of = [(done - at, code) for at, done, code in seen if begin + second <= at < begin + second + 1]
            wrong = collections.Counter(code for _, code in of if code != "0")
            times = sorted(took for took, _ in of)
            print(f"  {second:3} s: {len(of):5} downloads, failed {dict(wrong) or 0}, median "
                  f"{times[len(times) // 2] if times else 0:.2f} s, slowest {times[-1] if times else 0:.2f} s")
    print("all:", len(seen), "downloads, by code", dict(collections.Counter(code for _, _, code in seen)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rate", type=float, default=160, help="downloads a second, of all clients together")
    parser.add_argument("--warm", type=int, default=20, help="seconds before the first fault")
    parser.add_argument("--seconds", type=int, default=30, help="seconds of each state of the store")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="filestream-failover-"))
    try:
        measure(options, work)
    except RuntimeError as failure:
        sys.exit(str(failure))
    finally:
        contenders.stop_all()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
