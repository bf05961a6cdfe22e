"""The packaged jar in production mode, whose routes the benchmark edits."""

import collections
import http.cookiejar
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import contenders
from contenders import JAVA, JAVA_HOME, ROOT

PRODUCT_JAR = ROOT / "target/ccmessaging-filestream.jar"
JCMD = f"{JAVA_HOME}/bin/jcmd" if JAVA_HOME else "jcmd"
USER, PASSWORD = "operator", "only-for-the-benchmark"
GENERATION = "org.ccmessaging.filestream.routes.Generation"
SERVES = re.compile(r"Generation (\d+) of the routes serves after (\d+) ms")
CANARY = re.compile(r"Generation \d+ of the routes gets ")
UNDONE = re.compile(r"Generation \d+ of the routes is rolled back")
REJECTED = re.compile(r"are rejected at stage (\w+)")


def say(text):
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def wait_for(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return found


class Console:
    """The console's login, as a script has it (docs/console.md)."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.open("/login")
        form = {"username": USER, "password": PASSWORD, "_csrf": self.token()}
        self.open("/login", urllib.parse.urlencode(form).encode())

    def token(self):
        return next((cookie.value for cookie in self.cookies if cookie.name == "XSRF-TOKEN"), "")

    def open(self, path, data=None, **headers):
        try:
            with self.opener.open(urllib.request.Request(self.base + path, data, headers), timeout=300) as response:
                return response.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.read()

    def get(self, path):
        return json.loads(self.open(path))

    def post(self, path, body=None):
        return json.loads(self.open(path, b"" if body is None else json.dumps(body).encode(), **{
            "X-XSRF-TOKEN": self.token(), "Content-Type": "application/json"}))


class Service:
    """The packaged jar in production mode, with routes of its own and a console."""

    def __init__(self, work, store, name="product", prefix=(), java=(), **settings):
        self.work, self.store = work, store
        self.routes = work / "routes"
        environment = {
            "FILESTREAM_ROUTES_DIRECTORY": self.routes, "FILESTREAM_ROUTES_LIVE_RELOAD": "true",
            "FILESTREAM_ROUTES_CANARY": "0", "FILESTREAM_CONSOLE_USERNAME": USER, "FILESTREAM_CONSOLE_PASSWORD": PASSWORD,
            "FILESTREAM_STORAGE_LOCAL_TYPE": "filesystem", "FILESTREAM_STORAGE_LOCAL_ROOT": work / "files",
            "FILESTREAM_STORAGE_PROMO_TYPE": "s3", "FILESTREAM_STORAGE_PROMO_BUCKET": "standard",
            "FILESTREAM_STORAGE_PROMO_KEY": "${variable.tenantId}/${variable.objectKey}", **settings}
        command = [*prefix, "env", *(f"{name}={value}" for name, value in environment.items()), JAVA, "-Xmx512m", *java,
                   "-jar", PRODUCT_JAR]
        self.contender = contenders.Contender(name, command, java=False)
        log = work / f"{name}.log"
        self.read = log.stat().st_size if log.exists() else 0

    def start(self):
        self.contender.start(self.store, self.work, "512m")
        self.console = Console(self.contender.management_port)

    @property
    def pid(self):
        return self.contender.pid

    def new_lines(self):
        """What the log has got since the last call: the messages of its JSON lines."""
        with open(self.contender.log, "rb") as log:
            log.seek(self.read)
            text = log.read()
        text = text[:text.rfind(b"\n") + 1]
        self.read += len(text)
        for line in text.decode(errors="replace").splitlines():
            # There is a line for each download, too.
            if "Generation" in line or "outes" in line or '"level":"INFO"' not in line:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue

    def outcome(self):
        """What the service says next of an attempt: `serves` or the stage of a rejection; None for not yet."""
        for entry in self.new_lines():
            message = self.last = entry.get("message", "")
            if SERVES.search(message):
                return "serves"
            if found := REJECTED.search(message):
                return found.group(1)
        return None

    def metric(self, name):
        for line in self.metrics():
            if re.match(name + r"[ {]", line):
                return float(line.rpartition(" ")[2])
        raise RuntimeError(f"no metric {name}")

    def metrics(self):
        with urllib.request.urlopen(f"{self.console.base}/actuator/prometheus", timeout=60) as response:
            return [line for line in response.read().decode().splitlines() if line and not line.startswith("#")]

    def jcmd(self, *command):
        return contenders.run([JCMD, self.pid, *command])

    def threads(self):
        """How many threads have which name, without its digits; not those of the pool that grows with the load."""
        names = [re.sub(r"\d+", "#", name) for name in re.findall(r'^"(.*?)" #', self.jcmd("Thread.print"), re.MULTILINE)]
        return collections.Counter(name for name in names if not name.startswith("http-exec"))

    def weigh(self):
        """What would grow if generations were kept."""
        wait_for("no generation drains", lambda: not self.console.get("/actuator/routes")["draining"])
        for _ in range(2):
            self.jcmd("GC.run")
        histogram = self.jcmd("GC.class_histogram")
        alive, self.bytes_of = {}, collections.Counter()
        for line in histogram.splitlines():
            if re.match(r"\s*\d+: ", line):
                _, count, size, name = line.split()[:4]
                alive[name] = int(count)
                self.bytes_of[name] += int(size)
        threads, meters = self.threads(), collections.Counter(re.sub(r'(sha256=)"\w+"', r"\1", line.rpartition(" ")[0])
                                                             for line in self.metrics())
        mbeans = collections.Counter(re.sub(r"0x\w+", "#", name)
                                     for name in self.console.post("/actuator/jolokia", {
                                         "type": "search", "mbean": "*:*"})["value"])
        self.names = {"threads": threads, "meters": meters, "MBeans": mbeans}
        return {"generation": int(self.metric("filestream_routes_generation")),
                "heap MB": round(int(re.search(r"Total\s+\d+\s+(\d+)", histogram).group(1)) / 1e6, 1),
                "generations in the heap": alive.get(GENERATION, 0),
                "Camel contexts in the heap": sum(count for name, count in alive.items() if name.endswith("CamelContext")),
                "HTTP connections in the heap": alive.get("org.apache.catalina.connector.Request", 0),
                "classes": int(self.metric("jvm_classes_loaded_classes")),
                "threads": threads.total(), "meters": meters.total(), "MBeans": mbeans.total()}
