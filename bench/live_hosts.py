"""What happens to the routes when the host fails: kill -9, a full disk, a folder that is gone, a permission that is lost."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import time

import live_edits
from live_edits import RouteSet
from live_service import Service

NOBODY = 65534
ABOUT_ROUTES = re.compile(r"Generation|routes")


class Words:
    """Prints what a service says, and remembers it."""

    def __init__(self, service):
        self.service, self.said = service, []

    def read(self):
        for entry in self.service.new_lines():
            level, message = entry["log"]["level"], entry["message"]
            if level != "INFO" or ABOUT_ROUTES.search(message):
                facts = ", ".join(f"{key} {entry[key]}" for key in ("by", "outcome", "stage", "generation") if key in entry)
                message += f" ({facts})" if facts else ""
                self.said.append(message)
                print(f"    | {level} " + message.replace("\n", "\n    |   ")[:600], flush=True)

    def wait(self, pattern, seconds=120):
        deadline = time.monotonic() + seconds
        begin = len(self.said)
        while True:
            self.read()
            if found := [text for text in self.said[begin:] if re.search(pattern, text)]:
                return found[0]
            if time.monotonic() > deadline:
                return None
            time.sleep(0.1)


def children(pid):
    text = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(child) for child in text.split()]


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def fill(file):
    """Writes a file until there is no room."""
    try:
        with open(file, "wb", buffering=0) as filler:
            while filler.write(b"x" * 4096):
                pass
    except OSError as full:
        print("   ", full, flush=True)


def scene(text):
    print("\n" + text, flush=True)


class Hosts:
    def __init__(self, measurement):
        self.measurement, self.work, self.goal = measurement, measurement.work, measurement.goal
        self.number = 0

    def service(self, started=True, **more):
        service = Service(self.work, self.measurement.store, **more)
        if started:
            service.start()
        return service, Words(service)

    def edit(self, service):
        self.number += 1
        live_edits.save(RouteSet(self.number).files(), service.routes, False)
        return self.number

    def serves(self, service):
        """The number of the edit whose text a customer gets, and that files come."""
        connection = http.client.HTTPConnection("127.0.0.1", service.contender.port, timeout=60)
        connection.request("POST", "/nothing")
        found = re.search(r"Edit (\d+)", connection.getresponse().read().decode())
        connection.close()
        return int(found.group(1)) if found else 0, service.contender.answers(service.store)

    def comes_to(self, service, words, edit):
        """Whether a customer gets the edit within a minute, or the service says that the killed process decided against it."""
        def decided():
            words.read()
            number, files = self.serves(service)
            if not files or number not in (edit, self.promoted):
                raise RuntimeError(f"edit {number} served, and not {edit} or {self.promoted}; files come: {files}")
            return number == edit or any("the end of the process decided against" in said for said in words.said[begin:])
        begin = len(words.said)
        try:
            held = wait_until(decided, 60)
        except RuntimeError as wrong:
            print("    ", wrong, flush=True)
            return False
        self.promoted = self.serves(service)[0]
        return held

    def kill(self):
        history = self.work / "history"
        service, words = self.service(FILESTREAM_ROUTES_HISTORY=history)
        self.promoted = self.serves(service)[0]
        first = self.edit(service)
        scene(f"kill -9 while edit {first} is being checked")
        self.goal(not children(service.pid), "the service has no other process")
        os.kill(service.pid, signal.SIGKILL)
        service.contender.process.wait()
        words.read()
        service.start()
        self.goal(self.comes_to(service, words, first),
                  "the last promoted set serves at the start, and then the files on disk as an edit, unless the kill hit their start")
        scene("kill -9 again and again, from the check of an edit to its swap and after it")
        for wait in (0.1, 0.3, 0.6, 0.9, 1.2, 2):
            last = self.edit(service)
            time.sleep(wait)
            os.kill(service.pid, signal.SIGKILL)
            service.contender.process.wait()
            service.start()
            self.goal(self.comes_to(service, words, last), f"killed {wait} s after the save: the same")
        state = service.console.get("/actuator/routes")
        print("    history:", [each["number"] for each in state["history"]], flush=True)
        scene("half an edit on disk at the start: a file cut in the middle")
        service.contender.stop()
        path = service.routes / "storage-local.camel.yaml"
        text = path.read_text()
        path.write_text(text[:len(text) // 2])
        service.start()
        self.goal(bool(words.wait("rejected")) and self.serves(service) == (last, True),
                  "the last promoted set serves, and the service says where the file is wrong")
        service.contender.stop()
        scene("the same without a history")
        service, words = self.service(name="without-history", started=False)
        try:
            service.start()
            self.goal(False, "the service starts with half a file")
        except RuntimeError as failed:
            print("    | " + str(failed)[-1500:].replace("\n", "\n    | "), flush=True)
            self.goal(service.contender.process.poll() is not None, "the service does not start, and says where the file is wrong")
        path.write_text(text)
        service.start()
        service.contender.stop()

    def full_disk(self):
        scene("a full temporary folder and a full history")
        small = self.work / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", small]).returncode != 0:
            print("no tmpfs may be mounted here: not tried", flush=True)
            return
        service, words = self.service(java=[f"-Djava.io.tmpdir={small}"], FILESTREAM_ROUTES_HISTORY=small / "history")
        words.read()
        fill(small / "filler")
        edit = self.edit(service)
        found = words.wait("a restart forgets it")
        words.wait("serves after")
        self.goal(bool(found) and self.serves(service) == (edit, True),
                  "disk full: the edit serves, and the service says that a restart forgets it")
        (small / "filler").unlink()
        number = self.serves(service)[0]
        fill(small / "filler")
        older = service.console.get("/actuator/routes")["history"][1]["number"]
        attempt = service.console.post(f"/actuator/routes/rollback/{older}")
        print("    rollback:", attempt, flush=True)
        words.read()
        self.goal(attempt["outcome"] == "serves" and self.serves(service)[0] != number,
                  "a rollback works while the disk is full")
        service.contender.stop()
        subprocess.run(["umount", small])

    def folder_gone(self):
        scene("the folder of routes is removed, and comes back")
        service, words = self.service()
        before = self.serves(service)
        away = self.work / "away"
        service.routes.rename(away)
        self.goal(bool(words.wait("does not exist")) and self.serves(service) == before,
                  "the service goes on, and says that the folder is gone")
        away.rename(service.routes)
        edit = self.edit(service)
        words.wait("serves after")
        self.goal(self.serves(service) == (edit, True), "the folder comes back with an edit, which serves")
        scene("it is gone for good, with all files, and the service is killed")
        shutil.copytree(service.routes, away)
        shutil.rmtree(service.routes)
        os.kill(service.pid, signal.SIGKILL)
        service.contender.process.wait()
        try:
            service.start()
            self.goal(False, "the service starts without routes")
        except RuntimeError as failed:
            print("    | " + str(failed)[-1000:].replace("\n", "\n    | "), flush=True)
            self.goal(service.contender.process.poll() is not None, "the service does not start, and says why")
        away.rename(service.routes)

    def permission_lost(self):
        scene("the service may not read a file any more, and then the folder")
        if os.getuid() != 0 or not shutil.which("setpriv"):
            print("this needs root and setpriv: not tried", flush=True)
            return
        os.chmod(self.work, 0o755)
        service, words = self.service(name="nobody", prefix=["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                                                             "--clear-groups"])
        before = self.serves(service)
        path = service.routes / "storage-local.camel.yaml"
        path.chmod(0)
        self.goal(bool(words.wait("permission denied")) and self.serves(service) == before,
                  "a file: the service goes on, and says that it may not read it")
        path.chmod(0o644)
        time.sleep(2)
        service.routes.chmod(0)
        self.goal(bool(words.wait("permission denied")) and self.serves(service) == before,
                  "the folder: the service goes on, and says that it may not read it")
        service.routes.chmod(0o755)
        edit = self.edit(service)
        words.wait("serves after")
        self.goal(self.serves(service) == (edit, True), "with the permission back, an edit serves")
        service.contender.stop()


def run(measurement):
    hosts = Hosts(measurement)
    hosts.kill()
    hosts.full_disk()
    hosts.folder_gone()
    hosts.permission_lost()
