"""Edits the routes of a running service under load, and judges every response. Started by bench/live."""

import argparse
import bisect
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import contenders
import live_edits
import live_hosts
import report
from contenders import BENCH
from live_edits import RouteSet
from live_service import CANARY, UNDONE, Service, say, wait_for

SIZES = [4096, 40960, 2097152, 20971520]
MOST_SECONDS_FOR_AN_EDIT = 180
EARLY = 5  # the generation at which state is weighed for the first time
GROWN = 8  # how many classes are named, those whose objects grew most
SESSIONS = 300


class Life:
    """When a set may have made responses: from its save on, until the next one made one."""

    def __init__(self, routes, begin, seen=0.0):
        self.routes, self.begin, self.seen, self.end = routes, begin, seen, float("inf")


class Clients:
    """The load, and what came of it."""

    def __init__(self, work, service, store, options):
        self.folder = work / "clients"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        facts, objects = store.facts, work / "objects/standard/demo"
        plain = {"channel": "WEB", "fileType": "zip"}
        plan = {
            "port": service.contender.port, "clients": options.clients, "rate": options.rate, "slow": options.slow,
            "headers": {"Content-Type": "application/json", "x-app-key": facts["appKey"],
                        "Authorization": "Bearer " + facts["accessToken"], "ccmessaging-token": facts["sessionToken"]},
            "sessions": [contenders.signed(facts, {
                "aud": "ccmessaging", "sub": f"user-{number}", "tenantId": "demo", "channelId": "web-1",
                "userId": f"user-{number}", "azp": facts["appKey"]}) for number in range(SESSIONS)],
            "expired": "Bearer " + contenders.signed(facts, {"aud": "apiaccess", "sub": facts["appKey"]},
                                                     time.time() - 2 * 86_400),
            "bodies": {
                "small": {"fileId": "file-4096", **plain}, "medium": {"fileId": "file-40960", **plain},
                "large": {"fileId": "file-2097152", **plain}, "local": {"fileId": "local/local.bin", **plain},
                "missing": {"fileId": "missing.bin", **plain},
                "pdf": {"fileId": "file-4096", "channel": "WEB", "fileType": "pdf"},
                "pdf slow": {"fileId": "file-2097152", "channel": "WEB", "fileType": "pdf"}},
            "files": {
                "small": {"standard": objects / "file-4096"}, "medium": {"standard": objects / "file-40960"},
                "large": {"standard": objects / "file-2097152"}, "local": {"standard": work / "files/demo/local.bin"},
                "pdf": {"standard": objects / "file-4096", "promo": objects / "file-40960"},
                "pdf slow": {"standard": objects / "file-2097152", "promo": objects / "file-20971520"}}}
        plan_file = self.folder / "plan.json"
        plan_file.write_text(json.dumps(plan, default=str))
        self.begun = time.monotonic()
        self.process = contenders.start([sys.executable, BENCH / "live_clients.py", plan_file], work / "clients.log")

    def pause(self):
        (self.folder / "pause").touch()
        wait_for("the clients have paused", (self.folder / "paused").exists, 120)

    def resume(self):
        (self.folder / "pause").unlink()
        wait_for("the clients go on", lambda: not (self.folder / "paused").exists())

    def stop(self):
        """Ends the load and gives back all responses: kind, begin, first byte, end, outcome."""
        (self.folder / "stop").touch()
        self.process.wait(timeout=180)
        self.seconds = time.monotonic() - self.begun
        responses = [json.loads(line) for log in self.folder.glob("*.jsonl") for line in log.read_text().splitlines()]
        return sorted(responses, key=lambda response: response[1])


class Verdict:
    """What the responses were, one by one: right for one generation that may have served then, or not."""

    def __init__(self, responses, lives, all_sets, allowed=lambda response: False):
        self.count, self.failed, self.mixed, self.wrong, self.others = len(responses), [], [], [], 0
        self.seconds = []
        begins = [life.begin for life in lives]
        for response in responses:
            kind, begin, first, end, outcome = response
            last = bisect.bisect_right(begins, first)
            serving = [life.routes for life in lives[:last] if life.end >= begin]
            self.seconds.append(end - begin)
            if allowed(response):
                self.others += 1
            elif isinstance(outcome, str) and outcome.startswith("failed"):
                self.failed.append(response)
            elif not any(outcome == self.right(routes, kind) for routes in serving):
                self.judge_wrong(response, all_sets)

    @staticmethod
    def right(routes, kind):
        return routes.answer(kind) or routes.file(kind)

    def judge_wrong(self, response, all_sets):
        kind, _, _, _, outcome = response
        if isinstance(outcome, str) or any(outcome == routes.answer(kind) for routes in all_sets):
            self.wrong.append(response)  # right for a set that does not serve now, or another file
        elif outcome[0] >= 500:
            self.failed.append(response)
        elif "another one" in str(outcome) or len(set(re.findall(r"Edit (\d+)", str(outcome)))) > 1 or (outcome[2] or "") not in outcome[3]:
            self.mixed.append(response)
        else:
            self.wrong.append(response)

    def text(self):
        quantiles = statistics.quantiles(self.seconds, n=100)
        return (f"{self.count:,} requests: {len(self.failed)} failed, {len(self.mixed)} mixed, {len(self.wrong)} wrong; "
                f"median {quantiles[49] * 1e3:.0f} ms, p99 {quantiles[98] * 1e3:.0f} ms")

    def bad(self):
        return self.failed + self.mixed + self.wrong


class Measurement:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.missed = []
        self.store = contenders.Store(work, SIZES)
        (work / "files/demo").mkdir(parents=True)
        (work / "files/demo/local.bin").write_bytes(os.urandom(12_000))
        live_edits.save(RouteSet(0).files(), work / "routes", False)

    def goal(self, holds, text):
        print(("met:    " if holds else "MISSED: ") + text, flush=True)
        if not holds:
            self.missed.append(text)

    def judge(self, verdict):
        print(verdict.text(), flush=True)
        for response in verdict.bad()[:10]:
            print("    ", response, flush=True)
        self.goal(not verdict.bad(), "no request failed, was mixed or wrong")

    def compare(self, weighed_early, weighed_late, same_set):
        (early, names_early, bytes_early), (late, names_late, bytes_late) = weighed_early, weighed_late
        for name in early:
            print(f"{name:28} {early[name]:>10} {late[name]:>10}", flush=True)
        for what, names in names_late.items():
            for sign, more in (("+", names - names_early[what]), ("-", names_early[what] - names)):
                for name, count in sorted(more.items()):
                    print(f"    {what}: {sign}{count} {name}", flush=True)
        for name, more in (bytes_late - bytes_early).most_common(GROWN):
            print(f"    heap: +{more / 1e6:.2f} MB {name}", flush=True)
        self.goal(late["generations in the heap"] == early["generations in the heap"]
                  and late["Camel contexts in the heap"] == early["Camel contexts in the heap"],
                  "no generation stays in the heap")
        self.goal(late["heap MB"] <= early["heap MB"] * 1.1 + 2, "the heap is as it was, within a tenth and 2 MB")
        self.goal(late["threads"] <= early["threads"] + 3, "threads are as they were, but for 3 of a pool")
        if same_set:
            self.goal(late["MBeans"] == early["MBeans"], "MBeans are as they were")
            self.goal(late["meters"] <= early["meters"] + 10, "meters are as they were, but for what was first used since")

    # 50 edits.

    def edits(self):
        service = Service(self.work, self.store, **self.canary(self.options.canary, f"{self.options.watch}s"))
        service.start()
        clients = Clients(self.work, service, self.store, self.options)
        time.sleep(self.options.warm_up)
        now, lives, sets, attempts, early = RouteSet(0), [Life(RouteSet(0), 0)], [RouteSet(0)], [], None
        stages = {**dict.fromkeys(live_edits.GOOD, "serves"), **live_edits.BROKEN}
        for number, kind in enumerate(live_edits.plan(self.options.edits), 1):
            if time.monotonic() - clients.begun > self.options.most_seconds:
                say(f"no edit {number} and later: the time is over")
                break
            good = kind in live_edits.GOOD
            following = now.after(number, kind)
            texts = following.files() if good else live_edits.broken(following, kind)
            sets.append(following)
            list(service.new_lines())
            saved = time.monotonic()
            live_edits.save(texts, service.routes, number % 4 > 1)
            outcome = wait_for(f"an outcome of edit {number} ({kind})", service.outcome, MOST_SECONDS_FOR_AN_EDIT)
            seconds = time.monotonic() - saved
            say(f"edit {number}, {kind}: {outcome} after {seconds:.1f} s")
            attempts.append((kind, outcome, seconds))
            if outcome != stages[kind]:
                say(service.last)
                self.missed.append(f"edit {number}, {kind}: {outcome} and not {stages[kind]}")
            if outcome == "serves":
                lives.append(Life(following, saved, time.monotonic()))
                if self.options.canary != "0":
                    # Both served until now.
                    lives[-2].end = time.monotonic()
                now = following
            time.sleep(self.options.between)
            if len(lives) == EARLY:
                early = early or self.weigh(service, clients)
        while time.monotonic() - clients.begun < min(self.options.requests / self.options.rate, self.options.most_seconds):
            time.sleep(1)
        late = self.weigh(service, clients)
        responses = clients.stop()
        self.report_edits(service, clients, responses, lives, sets, attempts)
        if early:
            self.compare(early, late, False)
        service.contender.stop()

    def weigh(self, service, clients):
        clients.pause()
        weight = service.weigh()
        clients.resume()
        say(weight)
        return weight, service.names, service.bytes_of

    def report_edits(self, service, clients, responses, lives, sets, attempts):
        seen = end_lives(responses, lives)
        verdict = Verdict(responses, lives, sets)
        print(f"\n{self.options.clients} clients and {self.options.slow} slow readers, {clients.seconds:.0f} s, "
              f"{verdict.count / clients.seconds:.0f} requests a second")
        self.judge(verdict)
        slow = [response for response in responses if response[0] == "pdf slow"]
        over = sum(1 for _, _, first, end, _ in slow for life in lives[1:] if first < life.seen < end)
        gone = sum(1 for _, _, first, end, outcome in slow if outcome == "promo" and any(
            first < life.seen < end and not life.routes.promo for life in lives[1:]))
        print(f"{len(slow)} slow downloads; {over} times a new set came to serve during one, and {gone} of them ended whole "
              "when their branch was gone")
        for outcome in ("serves", "check"):
            seconds = [took for _, each, took in attempts if each == outcome]
            if seconds:
                print(f"{len(seconds)} edits, {outcome if outcome == 'serves' else 'rejected at stage ' + outcome}: the "
                      f"service says so after a median of {statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s")
        if seen:
            print(f"save to the first response of the new set: median {statistics.median(seen):.1f} s, worst "
                  f"{max(seen):.1f} s, least {min(seen):.1f} s ({len(seen)} edits)")
        print("tried of the good ones:", ", ".join(sorted({kind for kind, outcome, _ in attempts if outcome == "serves"})),
              "; of the broken ones:", ", ".join(sorted({kind for kind, outcome, _ in attempts if outcome != "serves"})))
        self.goal(sum(1 for _, outcome, _ in attempts if outcome == "serves") == len(lives) - 1
                  and not any(text.startswith("edit ") for text in self.missed), "each edit had the outcome that it must have")

    # 200 swaps.

    def generations(self):
        service = Service(self.work, self.store)
        service.start()
        clients = Clients(self.work, service, self.store, self.options)
        time.sleep(self.options.warm_up)
        sets = [RouteSet(0), RouteSet(0).after(1, "new branch")]
        lives = [Life(sets[0], 0), Life(sets[1], time.monotonic())]
        live_edits.save(sets[1].files(), service.routes, False)
        wait_for("the second generation", service.outcome, MOST_SECONDS_FOR_AN_EDIT)
        # After a pause all clients come back at once, and Tomcat keeps the buffers that this takes. So they do once before
        # the heap is weighed.
        self.weigh(service, clients)
        weighed, took = [], []
        # An odd number, as the early one: both have the same routes.
        for number in range(3, (self.options.generations | 1) + 1):
            before = time.monotonic()
            lives.append(Life(sets[(number + 1) % 2], before))
            attempt = service.console.post(f"/actuator/routes/rollback/{number - 2}")
            if attempt.get("outcome") != "serves" or attempt["generation"] != number:
                raise RuntimeError(f"generation {number}: {attempt}")
            # What served before it may have made responses until now.
            lives[-2].end = time.monotonic()
            took.append(attempt["millis"])
            # Between the two that are compared, to see whether the heap grows with each generation or once.
            if number == EARLY or number % 100 == 1:
                weighed.append(self.weigh(service, clients))
            elif number % 20 == 0:
                say(f"generation {number}")
        weighed.append(self.weigh(service, clients))
        lives[0].end = lives[1].end  # nobody saw when the first one ended, but the second one ended later
        verdict = Verdict(clients.stop(), lives, sets)
        print(f"\n{self.options.generations} generations in {clients.seconds:.0f} s, {self.options.clients} clients and "
              f"{self.options.slow} slow readers, {verdict.count / clients.seconds:.0f} requests a second; check, start and "
              f"swap took a median of {statistics.median(took)} ms, at most {max(took)} ms")
        self.judge(verdict)
        self.compare(weighed[0], weighed[-1], True)
        service.contender.stop()

    @staticmethod
    def canary(share, watch):
        return {"FILESTREAM_ROUTES_CANARY": share, "FILESTREAM_ROUTES_WATCH": watch}

    # An edit that fails at run time.

    def harm(self):
        service = Service(self.work, self.store, **self.canary(self.options.canary if self.options.canary != "0" else "10%", "1m"))
        service.start()
        clients = Clients(self.work, service, self.store, self.options)
        time.sleep(max(15, self.options.warm_up))
        harmful = RouteSet(1)
        texts = live_edits.harmful(harmful)
        saved = time.monotonic()
        live_edits.save(texts, service.routes, False)
        lines = []

        def told(text):
            lines.extend(entry.get("message", "") for entry in service.new_lines())
            return [line for line in lines if text.search(line)]

        wait_for("the harmful edit is a canary", lambda: told(CANARY), MOST_SECONDS_FOR_AN_EDIT)
        swapped = time.monotonic()
        say("the harmful edit is a canary")
        words = wait_for("the service undoes it", lambda: told(UNDONE), 90)
        undone = time.monotonic()
        time.sleep(10)
        status = service.console.get("/actuator/routes")
        responses = clients.stop()
        lives = [Life(RouteSet(0), 0), Life(harmful, saved)]
        lives[1].end = undone

        def failed(response):
            return isinstance(response[4], list) and response[4][2] == "downloadFileStream exception"

        harmed = [response for response in responses if failed(response)]
        during = [response for response in responses if harmed[0][2] <= response[2] <= harmed[-1][2]]
        verdict = Verdict(responses, lives, [RouteSet(0), harmful],
                          lambda response: failed(response) and swapped - 2 < response[2] <= undone)
        print("\n" + "\n".join(words))
        print(f"customers had {len(harmed)} failures ({len(during)} requests in that time), the first one "
              f"{harmed[0][2] - saved:.1f} s after the save, the last one {harmed[-1][2] - harmed[0][2]:.1f} s after the first")
        print(f"state: generation {status['serving']['number']}, filesDiffer {status['filesDiffer']}, rejected at stage "
              f"{status['rejected']['stage']}")
        self.judge(verdict)
        self.goal(status["filesDiffer"] and status["rejected"]["stage"] == "canary", "the service says what it undid")
        service.contender.stop()

    # What may happen to a host.

    def kill(self):
        live_hosts.run(self)


def end_lives(responses, lives):
    """A set ends with the first response of the next one. Returns the seconds from each save to that response."""
    first_of = {}
    for kind, _, first, _, outcome in responses:
        if isinstance(outcome, list):
            key = json.dumps([kind, outcome])
            first_of[key] = min(first_of.get(key, first), first)
    seconds = []
    for before, life in zip(lives, lives[1:]):
        firsts = [first_of[key] for kind in ("unauthorized", "expired", "unknown path", "missing")
                  if (key := json.dumps([kind, life.routes.answer(kind)])) in first_of]
        life.seen = min([life.seen, *firsts])
        before.end = life.seen if before.end == float("inf") else before.end
        seconds.append(life.seen - life.begin)
    return seconds


def main():
    parser = argparse.ArgumentParser(prog="bench/live", description=__doc__)
    parser.add_argument("--edits", type=int, default=50, help="how many edits, half of them broken")
    parser.add_argument("--requests", type=int, default=105_000, help="the run lasts until about as many are made")
    parser.add_argument("--rate", type=int, default=300, help="requests a second of all clients")
    parser.add_argument("--most-seconds", type=float, default=float("inf"), help="no edit is begun after that")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--slow", type=int, default=2, help="clients that read large files slowly, besides")
    parser.add_argument("--warm-up", type=float, default=20, help="seconds of load before the first edit")
    parser.add_argument("--between", type=float, default=1, help="seconds between an outcome and the next edit")
    parser.add_argument("--tests", default="*.test.yaml", help="which of the shipped tests each edit must pass; those of"
                                                               " refusals.test.yaml must be among them")
    parser.add_argument("--generations", type=int, help="instead: as many swaps between two sets, without tests")
    parser.add_argument("--canary", default="0", help="share of the sessions that get an edit first, such as 10%%")
    parser.add_argument("--watch", type=int, default=20, help="seconds after which all get it")
    parser.add_argument("--harm", action="store_true", help="instead: an edit that fails at run time")
    parser.add_argument("--kill", action="store_true", help="instead: kill -9, full disk, folder gone, no permission")
    options = parser.parse_args()
    RouteSet.shipped_tests = options.tests
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(130))
    work = Path(tempfile.mkdtemp(prefix="filestream-live-"))
    try:
        print("; ".join(f"{name}: {what}" for name, what in report.machine().items() if name != "Node.js"))
        measurement = Measurement(options, work)
        if options.generations:
            measurement.generations()
        elif options.harm:
            measurement.harm()
        elif options.kill:
            measurement.kill()
        else:
            measurement.edits()
    finally:
        contenders.stop_all()
        subprocess.run(["umount", "-q", work / "small"], stderr=subprocess.DEVNULL)
        shutil.rmtree(work, ignore_errors=True)
    return 1 if measurement.missed else 0


if __name__ == "__main__":
    sys.exit(main())
