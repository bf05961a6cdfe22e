"""Measures all contenders alternately in one run and writes the report. Started by bench/run; see bench/README.md."""

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import charts
import contenders
import microbenchmarks
import report
from contenders import BENCH, JAVA, ROOT, cpu_seconds, memory_mb, run
from report import CAMEL, GO, HAND, NODE, PRODUCT, RAW

KB, MB, GB = 1024, 1024 ** 2, 1024 ** 3
PRODUCT_JAR = ROOT / "target/ccmessaging-filestream.jar"
HEAP = "512m"
SMALL_HEAP = "96m"
# A heap this small stands for a small container, and below 1,792 MB Java itself takes this collector; here it would go by
# the memory of the host.
SMALL_HEAP_COLLECTOR = "-XX:+UseSerialGC"
SLOW_READER_BYTES_A_SECOND = 50_000
MOST_SECONDS_TO_FILL = 20
SAMPLE_SECONDS = 0.25


# What a team would write instead. The others take part where a goal names them.
RIVALS = PRODUCT, HAND, GO

# Sessions and apps where tokens rotate, so that the cache of verified tokens works as it does for customers.
SESSIONS, APPS = 1_000, 10


class Plan:
    """What is measured, of whom, and for how long."""

    def __init__(self, quick, rounds, seconds, jmh):
        self.name = "quick" if quick else "full"
        self.rounds = rounds or (3 if quick else 5)
        self.seconds = seconds or (3 if quick else 4)
        # A window of some seconds has so few slow responses that its p99 scatters from 41 to 112 ms for one build.
        self.window = seconds or (3 if quick else 20)
        # The second compiler takes some 16 s of CPU for the product. A smoke test does not wait for it.
        self.warm_up = min(30 if quick else 60, 20 * self.seconds)
        # Few connections show what a response costs, 32 are normal, and 256 are more than the processors can serve at once.
        self.cells = {(4 * KB, 32): RIVALS, (40 * KB, 32): (*RIVALS, CAMEL, NODE, RAW), (2 * MB, 32): (*RIVALS, CAMEL)}
        if not quick:
            self.cells |= {(40 * KB, 1): RIVALS, (40 * KB, 256): RIVALS}
        self.rotating = [4 * KB, 40 * KB]
        self.streams = {200 * MB: (*RIVALS, RAW)}
        self.together = (16, 50 * MB) if quick else (64, 200 * MB)
        self.growing = [] if quick else [2 * MB, 20 * MB, 200 * MB, GB]
        self.slow_readers = 0 if quick else 256
        self.starts = 1 if quick else 3
        self.jmh = jmh or ("TokenCheck.product" if quick else "TokenCheck")

    def sizes(self):
        return sorted({4 * KB, 2 * MB, self.together[1], *self.checked(), *self.growing})

    def checked(self):
        """The sizes whose every byte is compared before they are measured. The small heap compares its own."""
        return sorted({*(size for size, _ in self.cells), *self.streams})

    def turn(self, name, size, connections):
        """Seconds of a turn: those of a window where p99 is compared."""
        compared = name in RIVALS and size <= 40 * KB and connections == 32
        return self.window if compared else self.seconds

    def minutes(self, skip):
        """About how long it takes on 2 cores."""
        turns = [self.turn(name, *cell) for cell, names in self.cells.items() for name in names]
        turns = (turns + [self.window] * len(RIVALS) * len(self.rotating)) * self.rounds
        parts = {"starts": 30 + 45 * self.starts, "requests": sum(turns) + 0.5 * len(turns),
                 "streams": 4 * (self.rounds + 1), "slow": 40 * len(RIVALS) if self.slow_readers else 0,
                 "together": len(RIVALS) * (10 + self.together[0] * self.together[1] / 400e6),
                 "growing": 25 * len(RIVALS) if self.growing else 0, "jmh": 30 if self.name == "quick" else 60}
        seconds = sum(parts[part] for part in parts.keys() - skip)
        if not {"requests", "streams", "slow"} <= skip:
            seconds += 50 + 3 * 1.6 * self.warm_up
        return seconds / 60


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def wire_bytes(size):
    """How long the right answer is."""
    return len('{"fileStream":"') + (size + 2) // 3 * 4 + len('","resultCode":"0"}')


class Measurement:
    def __init__(self, plan, work):
        self.plan = plan
        self.work = work
        self.notes = []
        self.exact = {}
        self.result = {"plan": plan.name, "heap": HEAP, "small_heap": SMALL_HEAP, "cells": {}, "rotating": {}, "streams": {},
                       "together": {}, "growing": {}, "slow": {}, "starts": {}, "ready": {}, "jmh": {}, "notes": self.notes,
                       "together_work": plan.together, "sample_seconds": SAMPLE_SECONDS, "slow_readers": plan.slow_readers,
                       "rounds": plan.rounds, "seconds": plan.seconds}
        self.store = contenders.Store(work, plan.sizes())
        self.contenders = contenders.all_contenders(PRODUCT_JAR)

    def note(self, text):
        say(text)
        self.notes.append(text)

    def start(self, contender, heap=HEAP, until_ready=False):
        return contender.start(self.store, self.work, heap, [SMALL_HEAP_COLLECTOR] if heap == SMALL_HEAP else [],
                               until_ready)

    def ordered(self, turn, names):
        """Those of the names that can be had, each round beginning with another one."""
        everyone = [target for target in (*self.contenders, self.store) if target.name in names]
        turn %= len(everyone)
        return everyone[turn:] + everyone[:turn]

    def rivals(self):
        return self.ordered(0, RIVALS)

    # Correctness before speed.

    def check(self):
        """Every byte of every size, and the refusal of tokens that do not hold."""
        for contender in self.contenders:
            if not contender.refuses(self.store):
                self.note(f"WRONG: {contender.name} lets a token through that does not hold")
            for size in self.plan.checked():
                outcome = self.downloads(contender, size, 1, 1)
                self.exact[contender.name, size] = outcome["exact"] == 1
                if outcome["exact"] != 1:
                    self.note(f"WRONG: {contender.name}, {report.size_name(size)} under -Xmx{HEAP}: "
                              f"{outcome['wrong'][0]}{self.last_words(contender)}; not measured at this size")
                    # What ran out of memory may be half dead.
                    self.start(contender)
        for size in self.plan.checked():
            length = self.curl(self.store, size)["bytes"]
            if length != size:
                self.note(f"WRONG: the store gives {length} bytes for {size}")

    def last_words(self, contender):
        """Why a contender may have failed, as its log tells."""
        log = contender.log.read_text(errors="replace")
        found = [word for word in ("OutOfMemoryError", "Connection pool shut down", "heap out of memory")
                 if word in log]
        ended = "" if contender.alive() else f"; the process ended with {contender.process.returncode}"
        return (f" ({', '.join(found)} in its log)" if found else "") + ended

    # Tools.

    def client_environment(self, target, size):
        return {} if target is self.store else self.store.client_environment(size)

    def wrk(self, target, size, connections, seconds, rotate=False):
        environment = self.client_environment(target, size)
        if rotate:
            environment["BENCH_SESSIONS"] = str(self.store.sessions(SESSIONS, APPS))
        # One thread: the load must not take the cores that it measures.
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", BENCH / "load.lua",
                   target.address(size)]
        return json.loads(run(command, environment).splitlines()[-1])

    def downloads_command(self, target, size, *how):
        return [JAVA, "-Xmx256m", "-XX:+UseSerialGC", "-cp", BENCH / "store/target/classes",
                "org.ccmessaging.bench.Downloads", target.address(size), size, *how]

    def downloads(self, target, size, *how):
        return json.loads(run(self.downloads_command(target, size, *how), self.client_environment(target, size),
                              timeout=400))

    def curl(self, target, size):
        command = ["curl", "-s", "-o", "/dev/null", "-m", "300",
                   "-w", "%{http_code} %{size_download} %{time_starttransfer} %{time_total}"]
        environment = self.client_environment(target, size)
        if environment:
            command += ["-H", "Content-Type: application/json", "-H", "x-app-key: " + environment["BENCH_APP_KEY"],
                        "-H", "Authorization: Bearer " + environment["BENCH_ACCESS_TOKEN"],
                        "-H", "ccmessaging-token: " + environment["BENCH_SESSION_TOKEN"],
                        "-d", environment["BENCH_BODY"]]
        status, length, first, total = run([*command, target.address(size)]).split()
        return {"status": int(status), "bytes": int(length), "first_byte_ms": float(first) * 1000,
                "seconds": float(total)}

    def costs(self, target, work):
        """Does the work, and gives back its outcome with what it cost the contender and the store."""
        Path(f"/proc/{target.pid}/clear_refs").write_text("5")  # begins a new peak, VmHWM
        before = cpu_seconds(target.pid), cpu_seconds(self.store.pid)
        seen = len(target.collections()) if target is not self.store else 0
        outcome = work()
        cost = {"cpu": cpu_seconds(target.pid) - before[0], "store_cpu": cpu_seconds(self.store.pid) - before[1],
                "peak_rss_mb": memory_mb(target.pid, "VmHWM")}
        collections = target.collections() if target is not self.store else []
        new = collections[seen:]
        if new and seen:
            # What was allocated between two collections: heap before the one minus heap after the one before it.
            after = [collections[seen - 1][2], *(entry[2] for entry in new)]
            cost["allocated_mb"] = sum(entry[1] - after[i] for i, entry in enumerate(new))
        if new:
            cost["peak_heap_mb"] = max(entry[1] for entry in new)
        return outcome, cost

    # Work.

    def warm_up(self):
        """Mostly with few connections: beside the threads of many, the compilers hardly get the cores."""
        compilers, load = 2 * self.plan.warm_up // 3, self.plan.warm_up // 6
        for size, connections, seconds in ((40 * KB, 3, compilers), (2 * MB, 3, compilers // 2), (40 * KB, 32, load),
                                           (2 * MB, 32, load)):
            for contender in self.contenders:  # and all of them the store
                # Only Java compiles for so long.
                self.wrk(contender, size, connections, max(1, seconds if contender.java else min(seconds, 4)))

    def requests(self):
        for turn in range(self.plan.rounds):
            for (size, connections), names in self.plan.cells.items():
                for target in self.ordered(turn, names):
                    if self.exact.get((target.name, size), True):
                        cell = self.result["cells"].setdefault((size, connections), {})
                        cell.setdefault(target.name, []).append(self.cell(target, size, connections))
            for size in self.plan.rotating:
                for target in self.ordered(turn, RIVALS):
                    cell = self.result["rotating"].setdefault(size, {})
                    cell.setdefault(target.name, []).append(self.cell(target, size, 32, rotate=True))
            say(f"round {turn + 1} of {self.plan.rounds} done")

    def cell(self, target, size, connections, rotate=False):
        """One turn at one piece of work."""
        seconds = self.plan.turn(target.name, size, connections)
        loaded, cost = self.costs(target, lambda: self.wrk(target, size, connections, seconds, rotate))
        requests = loaded["requests"]
        if not requests:
            self.note(f"WRONG: {target.name}, {report.size_name(size)} at {connections}: no request was answered in "
                      f"{seconds} s")
        expected = size if target is self.store else wire_bytes(size)
        short = loaded["bytes"] < 0.999 * expected * requests
        if loaded["errors"] or short:
            self.note(f"WRONG: {target.name}, {report.size_name(size)} at {connections}: {loaded['errors']} errors"
                      + (", answers too short" if short else ""))
        sample = {"rps": requests / loaded["seconds"], "mb_s": loaded["bytes"] / 1e6 / loaded["seconds"],
                  "errors": loaded["errors"], "rss": cost["peak_rss_mb"], "heap": cost.get("peak_heap_mb")}
        if requests:
            gigabytes = requests * size / 1e9
            sample.update({
                "p50": loaded["p50_ms"], "p99": loaded["p99_ms"],
                "cpu_1000": cost["cpu"] / requests * 1000, "store_cpu_1000": cost["store_cpu"] / requests * 1000,
                "cpu_gb": cost["cpu"] / gigabytes, "store_cpu_gb": cost["store_cpu"] / gigabytes,
                "alloc_kb": cost["allocated_mb"] * 1024 / requests if "allocated_mb" in cost else None})
        return sample

    def streams(self):
        for size, names in self.plan.streams.items():
            for turn in range(self.plan.rounds + 1):
                for target in self.ordered(turn, names):
                    if not self.exact.get((target.name, size), True):
                        continue
                    got, cost = self.costs(target, lambda: self.curl(target, size))
                    expected = size if target is self.store else wire_bytes(size)
                    if got["status"] != 200 or got["bytes"] != expected:
                        self.note(f"WRONG: {target.name}, {report.size_name(size)} stream: status {got['status']}, "
                                  f"{got['bytes']} of {expected} bytes")
                        continue
                    if turn == 0:
                        continue  # warms up
                    self.result["streams"].setdefault(size, {}).setdefault(target.name, []).append(
                        {"mb_s": got["bytes"] / 1e6 / got["seconds"], "first_byte": got["first_byte_ms"],
                         "cpu_gb": cost["cpu"] / (size / 1e9), "store_cpu_gb": cost["store_cpu"] / (size / 1e9),
                         "rss": cost["peak_rss_mb"], "heap": cost.get("peak_heap_mb")})
            say(f"streams of {report.size_name(size)} done")

    def wait_until_idle(self, target):
        """Until the kernel's buffers of all slow readers are full: filling them, some GB, takes both cores."""
        deadline = time.monotonic() + MOST_SECONDS_TO_FILL
        begun = False  # the readers' own start takes a moment
        while time.monotonic() < deadline:
            before = cpu_seconds(target.pid)
            time.sleep(1)
            idle = cpu_seconds(target.pid) - before < 0.2
            if idle and begun:
                return
            begun = begun or not idle
        self.note(f"{target.name} was still filling buffers of slow readers after {MOST_SECONDS_TO_FILL} s")

    def slow(self):
        """Normal load while slow readers hold their downloads open."""
        large, small = self.plan.together[1], 40 * KB
        for target in self.rivals():
            if self.exact.get((target.name, large), True):
                log = self.work / "slow.log"
                log.unlink(missing_ok=True)
                seconds = 2 * self.plan.seconds
                readers = contenders.start(
                    self.downloads_command(target, large, self.plan.slow_readers,
                                           SLOW_READER_BYTES_A_SECOND, MOST_SECONDS_TO_FILL + seconds + 4), log,
                    environment=self.client_environment(target, large))
                self.wait_until_idle(target)
                dropped = contenders.dropped_for_memory()
                loaded, cost = self.costs(target, lambda: self.wrk(target, small, 32, seconds))
                readers.wait(timeout=120)
                contenders.stop(readers)
                text = log.read_text()
                read = json.loads(text) if text.startswith("{") else {"exact": 0, "wrong": [text[:200]],
                                                                     "least_bytes": 0, "seconds": 1}
                least_kb_s = read["least_bytes"] / 1e3 / read["seconds"]
                dropped = contenders.dropped_for_memory() - dropped
                if not loaded["requests"] or least_kb_s < SLOW_READER_BYTES_A_SECOND / 2e3:
                    self.note(f"WRONG: {target.name} starves beside {self.plan.slow_readers} slow readers: "
                              f"{loaded['requests']} normal requests answered in {seconds} s, the slowest reader got "
                              f"{least_kb_s:.1f} kB/s; the kernel, short of memory for sockets, dropped {dropped} packets")
                if read["wrong"]:
                    self.note(f"WRONG: {target.name}, slow readers: {read['wrong']}{self.last_words(target)}")
                self.result["slow"].setdefault(target.name, []).append(
                    {"rps": loaded["requests"] / loaded["seconds"],
                     "p50": loaded["p50_ms"] if loaded["requests"] else None,
                     "p99": loaded["p99_ms"] if loaded["requests"] else None,
                     "errors": loaded["errors"], "readers": read["exact"],
                     "least_kb_s": least_kb_s,
                     "rss": cost["peak_rss_mb"], "heap": cost.get("peak_heap_mb")})
        say("slow readers done")

    def together(self):
        """Large downloads side by side in a small heap, with memory over time."""
        count, size = self.plan.together
        for contender in self.rivals():
            self.start(contender, SMALL_HEAP)
            before = memory_mb(contender.pid, "VmRSS")
            over_time = []
            heap_log = self.work / "heap.log"
            heap_log.unlink(missing_ok=True)
            # Reads the JVM's shared counters; costs the JVM nothing.
            watcher = contenders.start([contenders.JSTAT, "-gc", contender.pid, 250], heap_log) \
                if contender.java else None
            done = threading.Event()

            def sample():
                while not done.wait(SAMPLE_SECONDS):
                    try:
                        over_time.append(memory_mb(contender.pid, "VmRSS"))
                    except OSError:
                        return

            sampler = threading.Thread(target=sample)
            sampler.start()
            seen = len(contender.collections())
            try:
                got, cost = self.costs(contender, lambda: self.downloads(contender, size, count, 1))
            except (RuntimeError, OSError) as failed:
                got = {"exact": 0, "downloads": count, "wrong": [str(failed)[-200:]], "bytes": 0, "seconds": 1,
                       "first_byte_ms": 0}
                cost = {"cpu": 0, "store_cpu": 0, "peak_rss_mb": max(over_time, default=0)}
            finally:
                done.set()
                sampler.join()
                if watcher:
                    contenders.stop(watcher)
            heap = heap_used_mb(heap_log) if watcher else []
            after_gc = [entry[2] for entry in contender.collections()[seen:]]
            wrong = "; ".join(got["wrong"][:2]) + (self.last_words(contender) if got["wrong"] else "")
            if got["wrong"]:
                self.note(f"WRONG: {contender.name}, {count} × {report.size_name(size)} under -Xmx{SMALL_HEAP}: "
                          f"{wrong}")
            gigabytes = max(1, got["exact"]) * size / 1e9
            self.result["together"][contender.name] = {
                "exact": got["exact"], "downloads": got["downloads"], "wrong": wrong,
                "mb_s": got["bytes"] / 1e6 / got["seconds"], "first_byte": got["first_byte_ms"],
                "cpu_gb": cost["cpu"] / gigabytes, "store_cpu_gb": cost["store_cpu"] / gigabytes,
                "rss": cost["peak_rss_mb"], "rss_before": before, "rss_over_time": fifths(over_time), "rss_series": over_time,
                "heap": max([cost.get("peak_heap_mb", 0), *heap]) or None, "heap_over_time": fifths(heap),
                "live_over_time": fifths(after_gc)}
            contender.stop()
            say(f"{count} × {report.size_name(size)}: {contender.name} done")

    def growing(self):
        """Ever larger files, four at a time, in a small heap; of the smaller ones as many as make up 512 MB."""
        for contender in self.rivals():
            self.start(contender, SMALL_HEAP)
            for size in self.plan.growing[:1] + self.plan.growing:
                each = max(1, 128 * MB // size)
                seen = len(contender.collections())
                try:
                    got, cost = self.costs(contender, lambda: self.downloads(contender, size, 4, each))
                except (RuntimeError, OSError) as failed:
                    got, cost = {"exact": 0, "downloads": 4, "wrong": [str(failed)[-200:]]}, {"peak_rss_mb": 0}
                after_gc = [entry[2] for entry in contender.collections()[seen:]]
                # The first turn of the smallest size warms up and is overwritten by its second.
                self.result["growing"].setdefault(size, {})[contender.name] = {
                    "exact": got["exact"], "downloads": got["downloads"], "rss": cost["peak_rss_mb"],
                    "heap": cost.get("peak_heap_mb"),
                    "live": statistics.median(after_gc) if after_gc else None,
                    "wrong": "; ".join(got["wrong"][:1])}
                if got["wrong"]:
                    self.note(f"WRONG: {contender.name}, 4 × {report.size_name(size)} under -Xmx{SMALL_HEAP}: "
                              f"{got['wrong'][0]}{self.last_words(contender)}")
                    break
            contender.stop()
            say(f"growing files: {contender.name} done")

    def starts(self):
        """
        Start to first download: each contender as it is, and the product in the ways that Java starts faster. Of the
        product, start to ready as well.
        """
        ways = {contender.name: contender for contender in self.rivals()}
        ways.update(self.faster_starts())
        for _ in range(self.plan.starts):
            for name, contender in ways.items():
                seconds = self.start(contender, SMALL_HEAP)
                self.result["starts"].setdefault(name, []).append(seconds)
                if name.startswith(PRODUCT):
                    seconds = self.start(contender, SMALL_HEAP, until_ready=True)
                    self.result["ready"].setdefault(name, []).append(seconds)
                contender.stop()
        say("starts done")

    def faster_starts(self):
        """The product unpacked, and unpacked with an archive of its loaded classes, made in a training run."""
        folder = self.work / "unpacked"
        run([JAVA, "-Djarmode=tools", "-jar", PRODUCT_JAR, "extract", "--destination", folder])
        jar = folder / PRODUCT_JAR.name
        flags = contenders.image_flags()
        unpacked = contenders.Contender("product, unpacked", ["-jar", jar], options=flags)
        archive = self.work / "classes.archive"
        if report.java_version() >= 25:
            train, use, kind = f"-XX:AOTCacheOutput={archive}", f"-XX:AOTCache={archive}", "AOT cache"
        else:
            train, use, kind = f"-XX:ArchiveClassesAtExit={archive}", f"-XX:SharedArchiveFile={archive}", "CDS archive"
        training = contenders.Contender("training", ["-jar", jar], options=[train])
        try:
            self.start(training, SMALL_HEAP)
            training.is_ready()  # as the image's training run is probed, so that the management port is known as well
            training.process.send_signal(signal.SIGTERM)  # the archive is written at an orderly end
            training.process.wait(timeout=180)
        finally:
            training.stop()
        ways = {unpacked.name: unpacked}
        if archive.exists():
            name = f"product, unpacked, {kind}"
            ways[name] = contenders.Contender(name, ["-jar", jar], options=[*flags, use])
        else:
            self.note(f"no {kind}: " + training.log.read_text()[-300:])
        return ways

    def all(self, skip):
        if "starts" not in skip:
            self.starts()
        if not {"requests", "streams", "slow"} <= skip:
            for contender in self.contenders:
                self.start(contender)
            say("checking that all answer the same bytes")
            self.check()
            say("warming up")
            self.warm_up()
        if "requests" not in skip:
            self.requests()
        if "streams" not in skip:
            self.streams()
        if self.plan.slow_readers and "slow" not in skip:
            self.slow()
        for contender in self.contenders:
            contender.stop()
        if "together" not in skip:
            self.together()
        if self.plan.growing and "growing" not in skip:
            self.growing()
        if "jmh" not in skip:
            try:
                self.result["jmh"] = microbenchmarks.measure(self.work, self.store, PRODUCT_JAR, self.plan.jmh)
            except (RuntimeError, OSError) as failed:
                self.note(f"JMH not measured: {failed}")


def heap_used_mb(log):
    """Heap in use over time: the sum of what jstat says of survivors, eden and old."""
    lines = [line.split() for line in log.read_text().splitlines()]
    heads, rows = lines[0] if lines else [], lines[1:]
    columns = [heads.index(name) for name in ("S0U", "S1U", "EU", "OU") if name in heads]
    return [sum(float(row[column].replace("-", "0")) for column in columns) / 1024
            for row in rows if len(row) == len(heads)]


def fifths(values):
    """Five values spread over time, each the median of its part."""
    if len(values) < 5:
        return values
    return [statistics.median(values[len(values) * i // 5:len(values) * (i + 1) // 5]) for i in range(5)]


def main():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the goals' work only, in under 10 minutes on 2 cores")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn")
    parser.add_argument("--seconds", type=int, help="how long a turn is")
    parser.add_argument("--skip", default="", help="of starts,requests,streams,slow,together,growing,jmh")
    parser.add_argument("--jmh", help="the microbenchmarks to run, as a regular expression")
    options = parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(130))
    work = Path(tempfile.mkdtemp(prefix="filestream-bench-"))
    machine = report.machine()
    begin = time.monotonic()
    try:
        plan = Plan(options.quick, options.rounds, options.seconds, options.jmh)
        skip = set(options.skip.split(","))
        say(f"this takes about {plan.minutes(skip):.0f} minutes")
        measurement = Measurement(plan, work)
        measurement.all(skip)
    finally:
        contenders.stop_all()
        shutil.rmtree(work, ignore_errors=True)
    measurement.result["minutes"] = (time.monotonic() - begin) / 60
    # Only a full run replaces the figures that the repository keeps.
    part = options.rounds or options.seconds or options.skip or options.jmh
    name = f"jdk{report.java_version()}{'-quick' if options.quick else '-part' if part else ''}"
    print(report.write(measurement.result, machine, BENCH / "results" / f"{name}.md"))
    charts.write(measurement.result, machine, BENCH / "results", name)
    say(f"written to bench/results/{name}.md, with its pictures")
    if plan.name == "full" and not part:
        say("for README.md:\n" + report.sentence(measurement.result, machine, name))


if __name__ == "__main__":
    main()
