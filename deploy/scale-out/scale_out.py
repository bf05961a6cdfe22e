"""Rolling restart under load, throughput with one, two and three processes, and what one process needs."""

import argparse
import collections
import csv
import hashlib
import io
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import contenders
from contenders import BENCH, JAVA, PATH, ROOT, cpu_seconds, free_port, memory_mb

HERE = Path(__file__).resolve().parent
JAR = ROOT / "target/ccmessaging-filestream.jar"
KB, MB = 1024, 1024 * 1024
SMALL, MIDDLE, LARGE = 40 * KB, 2 * MB, 20 * MB
# The collector that Java chooses in a container of less than 1,792 MB.
OPTIONS = ["-Xmx358m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
NAMES = ["one", "two", "three"]
# As in the systemd unit: longer than HAProxy needs for two checks, one a second.
DELAY = "5s"
PARTS = ["one", "throughput", "restart", "store-down"]


def wire_bytes(size):
    return len('{"fileStream":"","resultCode":"0"}') + (size + 2) // 3 * 4


class Process:
    """One process of the service, on ports that it keeps over restarts."""

    def __init__(self, name, store, work):
        self.name, self.store = name, store
        # The second store: a folder, for the branch local.
        self.folder = work / "local"
        self.folder.mkdir(exist_ok=True)
        self.port, self.management = free_port(), free_port()
        self.log = work / f"{name}.log"
        self.process = self.delay = None

    def start(self, delay="0s"):
        environment = {**self.store.contender_environment(), "SERVER_PORT": str(self.port),
                       "FILESTREAM_SHUTDOWN_DELAY": delay,
                       "FILESTREAM_STORAGE_LOCAL_TYPE": "filesystem", "FILESTREAM_STORAGE_LOCAL_ROOT": str(self.folder),
                       "FILESTREAM_HEALTH_PROBE_INTERVAL": "1s",
                       "MANAGEMENT_SERVER_PORT": str(self.management), "SERVER_ADDRESS": "127.0.0.1",
                       "FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT": "256", "FILESTREAM_S3_MAX_CONNECTIONS": "300"}
        begin = time.monotonic()
        self.process = contenders.start([JAVA, *OPTIONS, "-jar", JAR], self.log, environment=environment)
        self.delay = delay
        while self.readiness() != 200:
            if self.process.poll() is not None or time.monotonic() > begin + 180:
                raise RuntimeError(f"{self.name} did not start:\n" + self.log.read_text()[-3000:])
            time.sleep(0.05)
        return time.monotonic() - begin

    def readiness(self):
        return self.health("readiness")

    def health(self, group):
        """The status of a health group, or 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management}/actuator/health/{group}", timeout=10) as got:
                return got.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return 0

    def wait_until_idle(self):
        """Until what wrk left behind at its end has gone too: it would take places from the next turn, and is not logged."""
        address = f"http://127.0.0.1:{self.management}/actuator/prometheus"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with urllib.request.urlopen(address, timeout=30) as got:
                if b"filestream_downloads_in_flight 0.0" in got.read():
                    return
            time.sleep(0.2)
        raise RuntimeError(f"{self.name} still has downloads in flight")

    def outcomes(self, begin):
        """How many downloads ended with which resultCode, by the log from `begin` on."""
        with open(self.log, "rb") as log:
            log.seek(begin)
            lines = (json.loads(line) for line in log if b'"message":"download"' in line)
            return collections.Counter(line["resultCode"] for line in lines)

    def terminate(self):
        """SIGTERM, as every supervisor sends it; gives back the seconds until it has ended."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        return time.monotonic() - begin


class CpuQuota:
    """A share of the cores for each process, as a container's CPU limit: so that more processes have more of them."""

    def __init__(self, processes, cores):
        self.groups = []
        one = Path("/sys/fs/cgroup/cpu")
        two = Path("/sys/fs/cgroup")
        for process in processes:
            group = (one if one.is_dir() else two) / f"filestream-{process.process.pid}"
            try:
                if one.is_dir():
                    group.mkdir()
                    (group / "cpu.cfs_quota_us").write_text(str(int(cores * 100_000)))
                else:
                    (two / "cgroup.subtree_control").write_text("+cpu")
                    group.mkdir()
                    (group / "cpu.max").write_text(f"{int(cores * 100_000)} 100000")
                self.groups.append(group)
                (group / "cgroup.procs").write_text(str(process.process.pid))
            except OSError as refused:
                self.end()
                raise RuntimeError(f"a CPU limit for each process needs root and cgroups that may be written: {refused}") from None

    def end(self):
        for group in self.groups:
            for pid in (group / "cgroup.procs").read_text().split():
                (group.parent / "cgroup.procs").write_text(pid)
            group.rmdir()


class Haproxy:
    """HAProxy with the file of this folder."""

    def __init__(self, processes, work, retries):
        self.work, self.port = work, free_port()
        text = (HERE / "haproxy.cfg").read_text()
        if not retries:
            text = "".join(line for line in text.splitlines(True) if not line.strip().startswith("retry-on "))
        (work / "haproxy.sock").unlink(missing_ok=True)
        config = work / "haproxy.cfg"
        config.write_text(text)
        environment = {"WORK": str(work), "PORT_API": str(self.port)}
        for process in processes:
            environment[f"PORT_{process.name.upper()}"] = str(process.port)
            environment[f"PORT_{process.name.upper()}_MANAGEMENT"] = str(process.management)
        self.process = contenders.start(["haproxy", "-db", "-f", config], work / "haproxy.log", environment=environment)

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.work / "haproxy.sock"))
            connection.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    def set_state(self, name, state):
        refused = self.ask(f"set server filestream/{name} state {state}").strip()
        if refused:
            raise RuntimeError(f"HAProxy does not set {name} to {state}: {refused}")

    def servers(self):
        rows = csv.DictReader(io.StringIO(self.ask("show stat").lstrip("# ")))
        return {row["svname"]: row for row in rows if row["pxname"] == "filestream"}

    def wait_until_up(self, names):
        deadline = time.monotonic() + 60
        while not (self.work / "haproxy.sock").exists() or \
                any(not self.servers()[name]["status"].startswith("UP") for name in names):
            if time.monotonic() > deadline:
                raise RuntimeError(f"HAProxy does not see {names} up")
            time.sleep(0.05)

    def stop(self):
        contenders.stop(self.process)


class Load:
    """Small downloads by wrk as fast as they go; in the same time large ones, slowly, so that restarts meet them."""

    def __init__(self, store, port, work, connections, slow):
        self.store, self.work, self.connections, self.slow = store, work, connections, slow
        self.url = f"http://127.0.0.1:{port}{PATH}"
        self.done = threading.Event()
        self.slow_exact, self.slow_wrong = 0, []
        self.expected = None

    def wrk(self, seconds):
        output = contenders.run(["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "30s",
                                 "-s", BENCH / "load.lua", self.url],
                                environment=self.store.client_environment(SMALL), timeout=seconds + 60)
        return json.loads(output.strip().splitlines()[-1])

    def download(self, limit_rate):
        facts = self.store.facts
        target = self.work / f"large-{threading.get_ident()}"
        try:
            status = contenders.run(
                ["curl", "-s", "-S", "--limit-rate", limit_rate, "-o", target, "-w", "%{http_code}", "--max-time", 110,
                 "-H", "Content-Type: application/json", "-H", "x-app-key: " + facts["appKey"],
                 "-H", "Authorization: Bearer " + facts["accessToken"], "-H", "ccmessaging-token: " + facts["sessionToken"],
                 "-d", contenders.body(LARGE), self.url])
            return status, hashlib.sha256(target.read_bytes()).hexdigest(), target.stat().st_size
        finally:
            target.unlink(missing_ok=True)

    def slow_downloads(self):
        while not self.done.is_set():
            try:
                got = self.download("2M")
            except RuntimeError as broken:
                got = str(broken)
            if got == self.expected:
                self.slow_exact += 1
            else:
                self.slow_wrong.append(got)

    def during(self, work, seconds):
        """Load while `work` is done, and for `seconds` at the least."""
        self.expected = self.download("1G")
        if self.expected[0] != "200" or self.expected[2] != wire_bytes(LARGE):
            raise RuntimeError(f"no large file to begin with: {self.expected}")
        threads = [threading.Thread(target=self.slow_downloads) for _ in range(self.slow)]
        for thread in threads:
            thread.start()
        total = {"requests": 0, "bytes": 0, "errors": 0, "seconds": 0.0, "p99_ms": 0.0}

        def small_downloads():
            while not self.done.is_set():
                part = self.wrk(10)
                for key in ("requests", "bytes", "errors", "seconds"):
                    total[key] += part[key]
                total["p99_ms"] = max(total["p99_ms"], part["p99_ms"])

        small = threading.Thread(target=small_downloads)
        small.start()
        begin = time.monotonic()
        try:
            time.sleep(3)
            work()
            time.sleep(max(3, seconds - (time.monotonic() - begin)))
        finally:
            self.done.set()
            for thread in [small, *threads]:
                thread.join()
        total.update(slow_exact=self.slow_exact, slow_wrong=self.slow_wrong)
        return total


def rolling_restart(store, processes, work, retries, delay):
    """Stops and starts each process in its turn, waiting only until the next is served again."""
    for process in processes:
        if process.delay != delay:
            process.terminate()
            process.start(delay)
    haproxy = Haproxy(processes, work, retries)
    times = []
    logged = [process.log.stat().st_size for process in processes]
    try:
        haproxy.wait_until_up(NAMES)
        load = Load(store, haproxy.port, work, connections=16, slow=3)

        def restart_all():
            for process in processes:
                open_now = haproxy.servers()[process.name]["scur"]
                stopped = process.terminate()
                started = process.start(delay)
                haproxy.wait_until_up([process.name])
                times.append((process.name, open_now, stopped, started))
                time.sleep(1)

        result = load.during(restart_all, 20)
        rows = haproxy.servers()
        result["retries"] = int(rows["BACKEND"]["wretr"]) + int(rows["BACKEND"]["wredis"])
        result["times"] = times
        for process in processes:
            process.wait_until_idle()
        outcomes = sum((process.outcomes(begin) for process, begin in zip(processes, logged)), collections.Counter())
        result["sent_whole"] = outcomes.pop("0", 0)
        result["refused"] = outcomes.pop("503", 0)
        # wrk hangs up at the end of each turn; one that hung up for another reason is among its errors, or curl's.
        result["hung_up"] = outcomes.pop("aborted", 0)
        # 200 with another outcome than the file, which wrk takes for success.
        result["other"] = outcomes
        return result
    finally:
        haproxy.stop()


def with_one_store_down(processes, restart, work):
    """Restarts while the folder of the branch local is gone; the downloads are of the other store."""
    folder, away = work / "local", work / "local-away"
    folder.rename(away)
    try:
        deadline = time.monotonic() + 60
        while any(process.health("storage") != 503 for process in processes):
            if time.monotonic() > deadline:
                raise RuntimeError("a process does not notice that a store is down")
            time.sleep(0.1)
        result = restart()
        noticed = [process.health("storage") for process in processes]
        if noticed != [503] * len(processes):
            raise RuntimeError(f"the store was not down all the time: {noticed}")
        return result
    finally:
        away.rename(folder)


def report_restart(title, result):
    other = sum(result["other"].values())
    failed = result["errors"] + other + len(result["slow_wrong"])
    print(f"{title}: {result['requests']} downloads of 40 KB and {result['slow_exact'] + len(result['slow_wrong'])} slow "
          f"ones of 20 MB in {result['seconds']:.0f} s, {failed} failed ({result['errors']} small refused or broken, "
          f"{other} of another outcome, {len(result['slow_wrong'])} large not exact); HAProxy sent "
          f"{result['retries']} again; p99 of the slowest 10 s {result['p99_ms']:.0f} ms")
    print(f"    by the processes' logs: {result['sent_whole']} sent whole, {result['refused']} refused with 503, "
          f"{result['hung_up']} that the client left, others {dict(result['other'])}")
    for name, open_now, stopped, started in result["times"]:
        print(f"    {name}: {open_now} requests open at SIGTERM, {stopped:.1f} s from SIGTERM to its end, {started:.1f} s from start to ready")
    for wrong in result["slow_wrong"][:5]:
        print(f"    large: {wrong}")
    sys.stdout.flush()
    return failed


def throughput(store, processes, work, seconds, cores):
    """With one, two and three processes, each with so much of a core; warm, since compiling would take most of that."""
    haproxy = Haproxy(processes, work, True)
    quota = None
    try:
        haproxy.wait_until_up(NAMES)
        load = Load(store, haproxy.port, work, connections=64, slow=0)

        def serve_with(names):
            for name in NAMES:
                haproxy.set_state(name, "ready" if name in names else "maint")
            haproxy.wait_until_up(names)

        for name in NAMES:
            serve_with([name])
            load.wrk(3 * seconds)
        quota = CpuQuota(processes, cores)
        for count in (1, 2, 3, 3, 2, 1):
            serve_with(NAMES[:count])
            load.wrk(3)
            before = sum(cpu_seconds(process.process.pid) for process in processes), cpu_seconds(store.pid), \
                cpu_seconds(haproxy.process.pid)
            got = load.wrk(seconds)
            after = sum(cpu_seconds(process.process.pid) for process in processes), cpu_seconds(store.pid), \
                cpu_seconds(haproxy.process.pid)
            each = [(b - a) / got["requests"] * 1000 for a, b in zip(before, after)]
            print(f"{count} of {cores} cores: {got['requests'] / got['seconds']:.0f} requests/s, p50 "
                  f"{got['p50_ms']:.0f} ms, p99 {got['p99_ms']:.0f} ms, {got['errors']} errors; CPU s per 1,000: service "
                  f"{each[0]:.2f}, store {each[1]:.2f}, HAProxy {each[2]:.2f}", flush=True)
    finally:
        if quota:
            quota.end()
        haproxy.stop()


def one_process(store, process, seconds, rounds):
    """CPU and memory of one process without a balancer."""
    print(f"one process, idle: {memory_mb(process.process.pid, 'VmRSS'):.0f} MB RSS")
    for size, connections in ((SMALL, 32), (MIDDLE, 16), (LARGE, 8), (SMALL, 256), (LARGE, 250)):
        samples = []
        environment = store.client_environment(size)
        for turn in range(rounds + 1):
            process.wait_until_idle()
            before = cpu_seconds(process.process.pid)
            got = json.loads(contenders.run(
                ["wrk", "-t1", f"-c{connections}", f"-d{seconds if turn else 5}s", "--timeout", "60s",
                 "-s", BENCH / "load.lua", f"http://127.0.0.1:{process.port}{PATH}"],
                environment=environment).strip().splitlines()[-1])
            if turn:
                # By bytes, since downloads that were under way at the end have cost as well.
                files = got["bytes"] / wire_bytes(size)
                samples.append((files / got["seconds"], (cpu_seconds(process.process.pid) - before) / files, got["errors"]))
        rate, cpu = (statistics.median(sample[i] for sample in samples) for i in (0, 1))
        print(f"one process, {size // KB} KB at {connections}: {rate:.0f} downloads/s, {rate * size / 1e6:.0f} MB/s of files, "
              f"CPU {cpu * 1000:.2f} s per 1,000 ({min(s[1] for s in samples) * 1000:.2f} to "
              f"{max(s[1] for s in samples) * 1000:.2f}), {cpu / size * 1e9:.2f} s per GB, {sum(s[2] for s in samples)} errors, "
              f"peak RSS so far {memory_mb(process.process.pid, 'VmHWM'):.0f} MB", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=10, help="of each turn of throughput")
    arguments.add_argument("--cores", type=float, default=0.3, help="of each process while throughput is measured")
    arguments.add_argument("--rounds", type=int, default=3, help="of one process")
    arguments.add_argument("--only", choices=PARTS, action="append")
    chosen = arguments.parse_args()
    parts = chosen.only or PARTS
    work = Path(tempfile.mkdtemp(prefix="scale-out-"))
    # So that nothing stays where it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = 0
    try:
        java = subprocess.run([JAVA, "-version"], capture_output=True, text=True).stderr.splitlines()[0]
        model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                      if line.startswith("model name")), platform.machine())
        print(f"{java}; {os.cpu_count()} cores of {model}; load {os.getloadavg()[0]:.1f}; {' '.join(OPTIONS)}", flush=True)
        store = contenders.Store(work, [4096, SMALL, MIDDLE, LARGE])
        processes = [Process(name, store, work) for name in NAMES]
        for process in processes[:1] if parts == ["one"] else processes:
            process.start()
        if "one" in parts:
            one_process(store, processes[0], chosen.seconds, chosen.rounds)
        if "throughput" in parts:
            throughput(store, processes, work, chosen.seconds, chosen.cores)
        if "restart" in parts:
            # The first shows that failures are seen where there are some.
            report_restart("no retry-on, no delay", rolling_restart(store, processes, work, False, "0s"))
            failed += report_restart("retry-on alone", rolling_restart(store, processes, work, True, "0s"))
            failed += report_restart(f"delay of {DELAY} alone", rolling_restart(store, processes, work, False, DELAY))
        if "store-down" in parts:
            failed += report_restart(f"delay of {DELAY}, one of two stores down", with_one_store_down(
                processes, lambda: rolling_restart(store, processes, work, False, DELAY), work))
    finally:
        contenders.stop_all()
        shutil.rmtree(work, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
