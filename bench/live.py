"""Edits the routes of a running service under load, and judges every response. Started by bench/live."""

import argparse
import base64
import bisect
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import contenders
import live_edits
from contenders import BENCH, JAVA, JAVA_HOME, ROOT
from live_edits import GOOD, RouteSet

SIZES = [4096, 40960, 2097152, 20971520]
USER, PASSWORD = "operator", "only-for-the-benchmark"
JCMD = f"{JAVA_HOME}/bin/jcmd" if JAVA_HOME else "jcmd"
EARLY = 5  # the reload after which state is weighed for the first time
CHECKS = re.compile(r"org\.apache\.camel\.impl\.health\.(Route|Consumer)HealthCheck")


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def wait_for(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return found


class Service:
    """The packaged jar with routes of its own, live reload and a console."""

    def __init__(self, work, store, java=(), **settings):
        self.work, self.store, self.routes = work, store, work / "routes"
        environment = {
            "FILESTREAM_ROUTES_DIRECTORY": self.routes, "FILESTREAM_ROUTES_LIVE_RELOAD": "true",
            "FILESTREAM_CONSOLE_USERNAME": USER, "FILESTREAM_CONSOLE_PASSWORD": PASSWORD,
            "FILESTREAM_STORAGE_LOCAL_TYPE": "filesystem", "FILESTREAM_STORAGE_LOCAL_ROOT": work / "files",
            **settings}
        self.contender = contenders.Contender("product", ["env", *(f"{name}={value}" for name, value in
                                              environment.items()), JAVA, "-Xmx512m", *java, "-jar",
                                              ROOT / "target/ccmessaging-filestream.jar"], java=False)

    def start(self):
        self.contender.start(self.store, self.work, "512m")

    def metrics(self):
        return [line for line in self.get("prometheus").splitlines() if line and not line.startswith("#")]

    def get(self, path):
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.contender.management_port}/actuator/{path}",
                                         headers={"Authorization": "Basic " + login} if path == "routes" else {})
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read().decode()

    def state(self):
        return json.loads(self.get("routes"))

    def jcmd(self, *command):
        return contenders.run([JCMD, self.contender.pid, *command])

    def weigh(self):
        """What would grow with each reload. A histogram counts what is alive."""
        self.jcmd("GC.run")
        alive, size = {}, 0
        for line in self.jcmd("GC.class_histogram").splitlines():
            if re.match(r"\s*\d+: ", line):
                _, count, bytes_of, name = line.split()[:4]
                alive[name] = int(count)
                size += int(bytes_of)
        threads = [name for name in re.findall(r'^"(.*?)" #', self.jcmd("Thread.print"), re.MULTILINE)
                   if not name.startswith(("http-exec", "ForkJoinPool"))]
        return {"live heap, KB": size // 1000, "threads": len(threads),
                "meters": len(self.metrics()),
                "MBeans": alive.get("com.sun.jmx.mbeanserver.NamedObject", 0),
                "health checks": sum(count for name, count in alive.items() if CHECKS.match(name))}


class Clients:
    """The load: customers in another process."""

    def __init__(self, work, service, options):
        self.folder = work / "clients"
        self.folder.mkdir()
        facts, objects = service.store.facts, work / "objects/standard/demo"

        def body(file_id, file_type="zip"):
            return json.dumps({"fileId": file_id, "channel": "WEB", "fileType": file_type})
        plan = {
            "port": service.contender.port, "clients": options.clients, "rate": options.rate, "slow": options.slow,
            "headers": {"Content-Type": "application/json", "x-app-key": facts["appKey"],
                        "Authorization": "Bearer " + facts["accessToken"], "ccmessaging-token": facts["sessionToken"]},
            "bodies": {"small": body("file-4096"), "medium": body("file-40960"), "large": body("file-2097152"),
                       "slow": body("file-20971520"), "local": body("local/local.bin"), "pdf": body("file-4096", "pdf")},
            "files": {**{f"file-{size}": str(objects / f"file-{size}") for size in SIZES},
                      "local.bin": str(work / "files/demo/local.bin")}}
        (self.folder / "plan.json").write_text(json.dumps(plan))
        self.process = contenders.start([sys.executable, BENCH / "live_clients.py", self.folder / "plan.json"],
                                        work / "clients.log")

    def count(self):
        return sum(log.read_bytes().count(b"\n") for log in self.folder.glob("*.jsonl"))

    def weigh(self, service):
        """Without requests, whose buffers would be weighed too."""
        (self.folder / "pause").touch()
        wait_for("the clients have paused", (self.folder / "paused").exists, 120)
        weight = service.weigh()
        (self.folder / "pause").unlink()
        say(weight)
        return weight

    def stop(self):
        """Ends the load and returns all responses: kind, begin, first byte, end, outcome."""
        (self.folder / "stop").touch()
        self.process.wait(timeout=180)
        responses = [json.loads(line) for log in self.folder.glob("*.jsonl") for line in log.read_text().splitlines()]
        return sorted(responses, key=lambda response: response[1])


class Life:
    """When a set may have made responses: from its save on, until the service reported the next one."""

    def __init__(self, routes, saved):
        self.routes, self.saved, self.end = routes, saved, float("inf")


def edit(service, clients, options, lives):
    """Makes all edits, and returns what each took until the service reported it, and the weights."""
    now, took, early = lives[0].routes, {}, None
    for number, kind in live_edits.plan(options.edits):
        following = now.after(number, kind)
        good = kind in GOOD
        texts = following.files() if good else live_edits.broken(following, kind)
        sha256, saved = live_edits.sha256(texts), time.monotonic()
        live_edits.save(texts, service.routes, number % 2 == 0)
        if good:
            lives.append(Life(following, saved))
            wait_for(f"edit {number} ({kind}) is active", lambda: service.state()["sha256"] == sha256)
            lives[-2].end, now = time.monotonic(), following
        else:
            wait_for(f"edit {number} ({kind}) is rejected",
                     lambda: service.state().get("rejected", {}).get("sha256") == sha256)
        took.setdefault(kind, []).append(time.monotonic() - saved)
        say(f"edit {number}, {kind}: {took[kind][-1]:.1f} s")
        time.sleep(options.between)
        if len(lives) == EARLY + 1 and early is None:
            early, early_reloads = clients.weigh(service), len(lives)
    wait_for(f"{options.requests} requests", lambda: clients.count() >= options.requests, 3600)
    late = clients.weigh(service)
    return took, early, late, len(lives) - early_reloads


class Verdict:
    """What the responses were: right for a set that may have served then, or not."""

    def __init__(self, responses, lives):
        self.responses, self.failed, self.mixed, self.wrong = responses, [], [], []
        begins = [life.saved for life in lives]
        for response in responses:
            kind, begin, first, _, outcome = response
            serving = [life.routes for life in lives[:bisect.bisect_right(begins, first)] if life.end >= begin]
            if outcome.startswith("failed"):
                self.failed.append(response)
            elif any(outcome == routes.right(kind) for routes in serving):
                continue
            elif kind == "probe" and len(set(outcome.split())) > 1 or len(set(re.findall(r"Edit \d+", outcome))) > 1:
                self.mixed.append(response)
            else:
                self.wrong.append(response)
        quick = [response for response in responses if response[0] not in ("slow", "large")]
        self.seconds = [end - begin for _, begin, _, end, _ in quick]
        # A request is beside an edit from the save until the service has reported the set.
        times = [(life.saved, before.end) for before, life in zip(lives, lives[1:])]
        self.beside = max((end - begin for _, begin, _, end, _ in quick
                           if any(begin <= to and end >= saved for saved, to in times)), default=0)
        self.first = []
        probes = {}
        for kind, _, first, _, outcome in responses:
            if kind == "probe":
                probes.setdefault(outcome, first)
        for life in lives[1:]:
            if life.routes.right("probe") in probes:
                self.first.append(probes[life.routes.right("probe")] - life.saved)


def report(options, verdict, lives, took, early, late, reloads):
    kept = (late["live heap, KB"] - early["live heap, KB"]) / max(1, reloads)
    version = subprocess.run([JAVA, "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    rejected = sum(len(seconds) for kind, seconds in took.items() if kind not in GOOD)
    rows = [("requests", f"{len(verdict.responses):,}", None),
            ("edits loaded; rejected", f"{len(lives) - 1}; {rejected}", None),
            ("failed", len(verdict.failed), not verdict.failed), ("wrong", len(verdict.wrong), not verdict.wrong),
            ("through two versions", len(verdict.mixed), not verdict.mixed),
            ("p99 of all but large files", f"{statistics.quantiles(verdict.seconds, n=100)[98] * 1e3:.0f} ms", None),
            ("longest request beside an edit", f"{verdict.beside * 1e3:.0f} ms", verdict.beside <= 0.5),
            ("save to first new response, median", f"{statistics.median(verdict.first):.1f} s", None),
            ("save to first new response, longest", f"{max(verdict.first):.1f} s", max(verdict.first) <= 2.5),
            ("live heap kept per reload", f"{kept:.0f} KB", kept <= 250)]
    rows += [(f"{name}, after {EARLY} reloads and at the end", f"{early[name]}; {late[name]}", late[name] <= early[name] + spare)
             for name, spare in (("threads", 3), ("meters", 10), ("MBeans", 5), ("health checks", 5))]
    print(f"\n{version}, {options.clients} clients at {options.rate} requests/s, {options.slow} slow readers\n")
    print("| | figure | goal |\n|---|---:|---|")
    for name, figure, met in rows:
        print(f"| {name} | {figure} | {'' if met is None else 'met' if met else 'missed'} |")
    print("\n| edit | number | until the service reports it, median | longest |\n|---|---:|---:|---:|")
    for kind, seconds in sorted(took.items()):
        print(f"| {kind} | {len(seconds)} | {statistics.median(seconds):.1f} s | {max(seconds):.1f} s |")
    for response in (verdict.failed + verdict.mixed + verdict.wrong)[:20]:
        say(response)
    return all(met is not False for _, _, met in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--slow", type=int, default=2)
    parser.add_argument("--rate", type=int, default=150, help="requests a second of all clients")
    parser.add_argument("--between", type=float, default=0.5, help="seconds between two edits")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        try:
            store = contenders.Store(work, SIZES)
            (work / "files/demo").mkdir(parents=True)
            (work / "files/demo/local.bin").write_bytes(os.urandom(12_000))
            lives = [Life(RouteSet(), 0)]
            live_edits.save(RouteSet().files(), work / "routes")
            service = Service(work, store)
            service.start()
            clients = Clients(work, service, options)
            time.sleep(5)
            measured = edit(service, clients, options, lives)
            met = report(options, Verdict(clients.stop(), lives), lives, *measured)
        finally:
            contenders.stop_all()
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
