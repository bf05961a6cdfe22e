"""The processes of the benchmark: how each is started, what it costs, and that nothing of it stays."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
PATH = "/apiaccess/ccmessaging/downloadFileStream"
JAVA_HOME = os.environ.get("JAVA_HOME")
JAVA = f"{JAVA_HOME}/bin/java" if JAVA_HOME else "java"
JSTAT = f"{JAVA_HOME}/bin/jstat" if JAVA_HOME else "jstat"

# Room for slow readers beside normal load; the same for all. What is above gets 429 or 503 from the product.
MOST_IN_FLIGHT = 1024

_running = []


def start(command, log, cwd=ROOT, environment=None):
    """Starts a process in a session of its own, so that Ctrl-C reaches it through us, after its log was closed."""
    with open(log, "ab") as output:
        process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})},
                                   start_new_session=True)
    _running.append(process)
    return process


def run(command, environment=None, timeout=900, cwd=ROOT):
    """Runs a command to its end and gives back what it printed."""
    process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **(environment or {})}, start_new_session=True)
    _running.append(process)
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"not done after {timeout} s") from None
    finally:
        stop(process)
    if process.returncode != 0:
        raise RuntimeError(f"{Path(str(command[0])).name} ended with {process.returncode}: {errors[-500:]}")
    return output


def stop(process):
    """Kills rather than asks: nothing that matters is under way, and the product would let its downloads end."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process in _running:
        _running.remove(process)


def stop_all():
    for process in list(_running):
        stop(process)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid):
    """User and system time of a process so far, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid, field):
    """VmRSS or VmHWM of a process, in MB (10^6 bytes)."""
    found = re.search(field + r":\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) * 1024 / 1e6 if found else 0.0


def dropped_for_memory():
    """Packets that the kernel dropped so far since it had no memory for what a socket receives (tcp(7), tcp_mem)."""
    lines = [line.split() for line in Path("/proc/net/netstat").read_text().splitlines() if line.startswith("TcpExt:")]
    return int(dict(zip(*lines)).get("TCPRcvQDrop", 0))


class Store:
    """The S3 server; knows the tokens."""

    name = "raw S3"

    def __init__(self, work, sizes):
        self.log = work / "store.log"
        ready = work / "store.json"
        # As much memory as it likes: it is not what is measured.
        self.process = start([JAVA, "-Xmx1g", "-jar", BENCH / "store/target/store.jar", work / "objects", ready,
                              *sizes], self.log)
        deadline = time.monotonic() + 300
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the store did not start:\n" + self.log.read_text()[-2000:])
            time.sleep(0.1)
        self.facts = json.loads(ready.read_text())

    @property
    def pid(self):
        return self.process.pid

    def address(self, size):
        return self.facts["presigned"][str(size)]

    def client_environment(self, size):
        """What load tools need to ask a contender for an object."""
        return {"BENCH_ACCESS_TOKEN": self.facts["accessToken"], "BENCH_SESSION_TOKEN": self.facts["sessionToken"],
                "BENCH_APP_KEY": self.facts["appKey"], "BENCH_BODY": body(size)}

    def sessions(self, count, apps):
        """A file of sessions, each a line with its app's key, its access token and its session token."""
        file = self.log.with_name(f"sessions-{count}")
        if not file.exists():
            tenant = claims_of(self.facts["sessionToken"])["tenantId"]
            access = {f"app-{i}": signed(self.facts, {"aud": "apiaccess", "sub": f"app-{i}"}) for i in range(apps)}
            file.write_text("".join(
                f"app-{i % apps} {access[f'app-{i % apps}']} " + signed(self.facts, {
                    "aud": "ccmessaging", "sub": f"user-{i}", "tenantId": tenant, "channelId": "web-1",
                    "userId": f"user-{i}", "azp": f"app-{i % apps}"}) + "\n" for i in range(count)))
        return file

    def contender_environment(self):
        """One environment for all contenders: the product's own names."""
        return {
            "FILESTREAM_S3_ENDPOINT": self.facts["endpoint"],
            "FILESTREAM_S3_ACCESS_KEY": self.facts["accessKey"],
            "FILESTREAM_S3_SECRET_KEY": self.facts["secretKey"],
            "FILESTREAM_S3_PATH_STYLE_ACCESS": "true",
            "FILESTREAM_S3_MAX_CONNECTIONS": str(MOST_IN_FLIGHT),
            "FILESTREAM_AUTH_SIGNING_KEY": self.facts["signingKey"],
            "FILESTREAM_DOWNLOAD_MAX_FILE_SIZE": "2GB",
            "FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT": str(MOST_IN_FLIGHT),
            # The load has one session token.
            "FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_SESSION": str(MOST_IN_FLIGHT),
            "FILESTREAM_STORAGE_LOCAL_TYPE": "s3",
            # The service watches the storages of all three.
            "FILESTREAM_STORAGE_LOCAL_BUCKET": "standard",
            "FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET": "standard",
            "LANG": "C.UTF-8",
        }


def signed(facts, claims, issued=None):
    """A token that lives a day, as the service issues it, signed with the same key."""
    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")

    now = int(issued or time.time())
    unsigned = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(
        {"iss": "ccmessaging-filestream", "iat": now, "exp": now + 86_400, **claims})
    signature = hmac.new(facts["signingKey"].encode(), unsigned, hashlib.sha256).digest()
    return (unsigned + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def body(size):
    return json.dumps({"fileId": f"file-{size}", "channel": "WEB", "fileType": "zip"}, separators=(",", ":"))


class Contender:
    """A service under measurement. `command` is what comes after java and its heap, or the whole command."""

    def __init__(self, name, command, java=True, options=(), cwd=ROOT):
        self.name = name
        self.cwd = cwd
        self.command = command
        self.java = java
        self.options = options
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    def start(self, store, work, heap, options=(), until_ready=False):
        """Starts it and gives back the seconds until it answered its first download, or (the product) said it was ready."""
        self.stop()
        self.port = free_port()
        self.management_port = free_port()
        self.log = work / (self.name.replace(" ", "-") + ".log")
        self.gc_log = work / (self.name.replace(" ", "-") + ".gc")
        self.gc_log.unlink(missing_ok=True)
        command = self.command
        if self.java:
            command = [JAVA, f"-Xmx{heap}", f"-Xlog:gc:file={self.gc_log}:uptime", *options, *self.options, *self.command]
        environment = {**store.contender_environment(), "SERVER_PORT": str(self.port),
                       "MANAGEMENT_SERVER_PORT": str(self.management_port), "SERVER_ADDRESS": "127.0.0.1"}
        begin = time.monotonic()
        self.process = start(command, self.log, self.cwd, environment)
        while not (self.is_ready() if until_ready else self.answers(store)):
            if self.process.poll() is not None or time.monotonic() > begin + 120:
                raise RuntimeError(f"{self.name} did not start:\n" + self.log.read_text()[-3000:])
            time.sleep(0.01)
        return time.monotonic() - begin

    def is_ready(self):
        """What a probe of Kubernetes sees."""
        connection = http.client.HTTPConnection("127.0.0.1", self.management_port, timeout=60)
        try:
            connection.request("GET", "/actuator/health/readiness")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def answers(self, store, size=4096):
        """Whether it gives a small object, with the two tokens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        facts = store.facts
        try:
            connection.request("POST", PATH, body(size), {
                "Content-Type": "application/json", "x-app-key": facts["appKey"],
                "Authorization": "Bearer " + facts["accessToken"], "ccmessaging-token": facts["sessionToken"]})
            response = connection.getresponse()
            response.read()
            return response.status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def refuses(self, store):
        """Whether a token with a changed signature, and an access token as session token, are both refused."""
        facts = store.facts
        changed = facts["accessToken"][:-6] + ("AAAAAA" if not facts["accessToken"].endswith("AAAAAA") else "BBBBBB")
        for access, session in ((changed, facts["sessionToken"]), (facts["accessToken"], facts["accessToken"])):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", PATH, body(4096), {
                "Content-Type": "application/json", "x-app-key": facts["appKey"],
                "Authorization": "Bearer " + access, "ccmessaging-token": session})
            status = connection.getresponse().status
            connection.close()
            if status != 401:
                return False
        return True

    def stop(self):
        if self.process:
            stop(self.process)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def address(self, size):
        return f"http://127.0.0.1:{self.port}{PATH}"

    def collections(self):
        """Garbage collections so far: seconds since start, MB before and after. Needs no agent in the process."""
        if not self.java or not self.gc_log.exists():
            return []
        found = re.findall(r"\[([\d.]+)s\].*?Pause.*? (\d+)M->(\d+)M\(", self.gc_log.read_text())
        return [(float(at), int(before), int(after)) for at, before, after in found]


GO_BINARY = BENCH / "go/target/service"


def image_flags():
    """What keeps the product's memory small in its image."""
    line = re.search(r"printf .* >java.flags", (ROOT / "Dockerfile").read_text()).group()
    return [f"-XX:{flag}" for flag in line.split()[2:-1]]


def all_contenders(product_jar):
    contenders = [
        Contender("product", ["-jar", product_jar],
                  options=[*image_flags(), *os.environ.get("PRODUCT_JAVA_OPTIONS", "").split()]),
        Contender("hand-written", ["-jar", BENCH / "hand-written/target/hand-written.jar"]),
        Contender("idiomatic Camel", ["-jar", BENCH / "idiomatic-camel/target/idiomatic-camel.jar"]),
        Contender("Node.js", ["node", BENCH / "node/server.js"], java=False),
    ]
    if GO_BINARY.exists():
        contenders.append(Contender("Go", [GO_BINARY], java=False))
    return contenders
