"""Edits of the shipped routes for bench/live: what each writes, and what a customer may get while it serves."""

import json
from pathlib import Path

from contenders import ROOT

ROUTES = ROOT / "routes"
BRANCHES = ("local", "multimedia-library", "standard")

# How the files of the promo branch follow from those of standard storage: a fileId and a zero behind it.
PROMO = """\
- route:
    id: storage-promo
    description: Promo files.
    from:
      id: receive-promo
      description: Variable request holds a checked request for a pdf.
      uri: direct:storage-promo
      steps:
        - setVariable:
            id: branch-promo
            description: Sets the branch's name in logs, metrics and settings.
            constant:
              expression: promo
            name: branch
        - setVariable:
            id: object-key-promo
            description: Sets the key to the fileId with a zero behind it.
            name: objectKey
            simple:
              expression: ${variable.request.fileId}0
        - process:
            id: resolve-key-promo
            description: Places the key below the customer's tenant.
            ref: resolveKey
        - to:
            id: open-promo
            description: Opens the file.
            uri: direct:read-{{filestream.storage.promo.type}}
    routeConfigurationId: result-codes
"""

WHEN_PROMO = """\
            when:
              - id: when-promo
                description: The file is a pdf.
                steps:
                  - to:
                      id: to-storage-promo
                      description: Opens the file in promo storage.
                      uri: direct:storage-promo
                simple:
                  expression: ${variable.request.fileType} == 'pdf'
              - id: when-local
"""

PROMO_TEST = """\
- test: a pdf is a promo file
  files: { promo: { demo/a0: promo } }
  request: { fileId: a, fileType: pdf }
  expect: { resultCode: "0", file: promo, steps: [to-storage-promo, open-promo] }
"""

EXPIRED = """\
      - onException:
          id: access-token-expired
          description: 403. The AccessToken was genuine and has expired.
          steps:
            - setHeaders:
                id: tell-access-token-expired
                description: Sets what the response tells the client.
                headers:
                  - constant:
                      expression: "403"
                    name: CamelHttpResponseCode
                  - constant:
                      expression: "403"
                    name: resultCode
                  - constant:
                      expression: auth fail! illegal or expired token info.{mark}
                    name: resultDesc
            - process:
                id: respond-access-token-expired
                description: Makes the JSON response.
                ref: respond
          exception:
            - org.ccmessaging.filestream.failure.AccessTokenExpiredException
          handled:
            constant:
              expression: "true"
"""

# Each of these kinds leads to a set that serves; what it changes stays in the sets after it.
# Of two files: result-codes has the number of the edit, and that of the branch has it in variable edit.
OTHER_BRANCH = """\
            - choice:
                id: compare-edits
                description: Tells whether the branch is of another edit.
                when:
                  - id: when-another-edit
                    description: The branch has another number.
                    simple:
                      expression: ${variable.edit} != '{number}'
                    steps:
                      - setHeader:
                          id: tell-another-edit
                          description: Says so instead.
                          constant:
                            expression: Edit {number}, but the branch is of another one.
                          name: resultDesc
"""

GOOD = ("text", "new branch", "renamed file", "result codes", "several files", "deleted file")
# Each of these to one that is rejected, with the stage at which.
BROKEN = {"broken YAML": "check", "unknown bean": "check", "removed authenticate": "check", "deleted file in use": "check",
          "copied file": "check"}


def replaced(text, old, new):
    """The text with exactly one place changed, so that no edit is without effect when the routes change."""
    if text.count(old) != 1:
        raise RuntimeError(f"{text.count(old)} times in the routes, and once is expected: {old}")
    return text.replace(old, new)


class RouteSet:
    """A set of route files and tests. Each of its refusals names the number of the edit, which its tests expect."""

    shipped_tests = "*.test.yaml"

    def __init__(self, number, promo=False, renamed=False, forbidden=False, logs=False):
        self.number, self.promo, self.renamed, self.forbidden, self.logs = number, promo, renamed, forbidden, logs

    def after(self, number, kind):
        """The set that a good edit makes of this one."""
        features = {"promo": self.promo, "renamed": self.renamed, "forbidden": self.forbidden, "logs": self.logs}
        changed = {"new branch": "promo", "deleted file": "promo", "renamed file": "renamed", "result codes": "forbidden",
                   "several files": "logs"}.get(kind)
        if changed:
            features[changed] = not features[changed]
        return RouteSet(number, **features)

    @property
    def mark(self):
        return f" Edit {self.number}." if self.number else ""

    def files(self, tests=True):
        """The text of each file by its path in the folder of routes."""
        texts = {path.name: path.read_text() for path in sorted(ROUTES.glob("*.camel.yaml"))}
        self.change_codes(texts)
        self.change_branches(texts)
        router = texts["choose-storage.camel.yaml"]
        if self.promo:
            router = replaced(router, "            when:\n              - id: when-local\n", WHEN_PROMO)
            texts["storage-promo.camel.yaml"] = PROMO
        texts["choose-storage.camel.yaml"] = router
        if self.renamed:
            texts["library.camel.yaml"] = texts.pop("storage-multimedia-library.camel.yaml")
        if tests:
            texts.update(self.tests())
        return texts

    def change_codes(self, texts):
        codes = texts["result-codes.camel.yaml"]
        codes = replaced(codes, "expression: Unauthorized operation.\n",
                         f"expression: Unauthorized operation.{self.mark}\n")
        codes = replaced(codes, "expression: The requested content is not found. Check the request path.\n",
                         f"expression: The requested content is not found. Check the request path.{self.mark}\n")
        if self.number:
            codes = replaced(codes, "expression: fsservice downloadFile is failed\n",
                             f"expression: fsservice downloadFile is failed{self.mark}\n")
            respond = "            - process:\n                id: respond-file-service-refused\n"
            codes = replaced(codes, respond, OTHER_BRANCH.replace("{number}", str(self.number)) + respond)
        if self.forbidden:
            codes = replaced(codes, "            - org.ccmessaging.filestream.failure.AccessTokenExpiredException\n", "")
            codes = replaced(codes, "      - onException:\n          id: unauthorized\n",
                             EXPIRED.replace("{mark}", self.mark)
                             + "      - onException:\n          id: unauthorized\n")
        texts["result-codes.camel.yaml"] = codes

    def change_branches(self, texts):
        for branch in BRANCHES if self.number else ():
            name = f"storage-{branch}.camel.yaml"
            steps = "      steps:\n        - setVariable:\n            id: branch-" + branch
            more = (f"        - setVariable:\n            id: edit-{branch}\n"
                    "            description: Sets the number of the edit.\n"
                    f"            constant:\n              expression: \"{self.number}\"\n            name: edit\n")
            if self.logs:
                more += (f"        - log:\n            id: log-{branch}\n            description: For whom it may concern.\n"
                         "            loggingLevel: DEBUG\n            logName: filestream\n"
                         "            message: a file is opened\n")
            texts[name] = replaced(texts[name], steps, "      steps:\n" + more + steps.partition("\n")[2])

    def tests(self):
        texts = {f"tests/{path.name}": path.read_text() for path in sorted((ROUTES / "tests").glob(self.shipped_tests))}
        for name, text in texts.items():
            if self.forbidden:
                text = text.replace(
                    "  request: { accessToken: expired, fileId: hello.txt }\n"
                    "  expect: { status: 401, resultDesc: Unauthorized operation. }",
                    "  request: { accessToken: expired, fileId: hello.txt }\n"
                    f"  expect: {{ status: 403, resultDesc: auth fail! illegal or expired token info.{self.mark} }}")
            if self.number:
                text = text.replace("resultDesc: Unauthorized operation.", f"resultDesc: Unauthorized operation.{self.mark}")
                text = text.replace("resultDesc: The requested content is not found. Check the request path.",
                                    f"resultDesc: The requested content is not found. Check the request path.{self.mark}")
                text = text.replace("resultDesc: fsservice downloadFile is failed",
                                    f"resultDesc: fsservice downloadFile is failed{self.mark}")
            texts[name] = text
        if self.promo:
            texts["tests/promo.test.yaml"] = PROMO_TEST
        return texts

    # What customers get.

    def answer(self, kind):
        """Status, header resultCode, header resultDesc and body of the one right response; None for a file."""
        if kind == "unauthorized" or kind == "expired" and not self.forbidden:
            return self.refusal(401, "Unauthorized operation." + self.mark)
        if kind == "expired":
            return self.refusal(403, "auth fail! illegal or expired token info." + self.mark)
        if kind == "unknown path":
            return self.refusal(404, "The requested content is not found. Check the request path." + self.mark)
        if kind == "missing":
            text = "fsservice downloadFile is failed" + self.mark
            return [200, "13", text, json.dumps({"resultCode": "13", "resultDesc": text}, separators=(",", ":"))]
        return None

    @staticmethod
    def refusal(status, text):
        return [status, str(status), text,
                json.dumps({"errorCode": str(status), "exceptionInfo": text}, separators=(",", ":"))]

    def file(self, kind):
        """Which of the two files a customer gets who asks for a pdf; the same file in all sets for the other kinds."""
        return "promo" if self.promo and kind.startswith("pdf") else "standard"


def broken(right, kind):
    """The files of an edit that must not serve: a right set with one fault."""
    texts = right.files()
    download = "download-file-stream.camel.yaml"
    if kind == "broken YAML":
        texts["result-codes.camel.yaml"] = replaced(texts["result-codes.camel.yaml"],
                                                    "          id: unauthorized\n", "         id: [unauthorized\n")
    elif kind == "unknown bean":
        standard = "storage-standard.camel.yaml"
        texts[standard] = replaced(texts[standard], "            ref: resolveKey\n", "            ref: resolveKeys\n")
    elif kind == "removed authenticate":
        begin = texts[download].index("        - process:\n            id: authenticate\n")
        end = texts[download].index("        - process:\n            id: read-body\n")
        texts[download] = texts[download][:begin] + texts[download][end:]
    elif kind == "deleted file in use":
        del texts["look-up-none.camel.yaml"]
    elif kind == "copied file":
        texts["storage-standard-copy.camel.yaml"] = texts["storage-standard.camel.yaml"]
    return texts


def harmful(right):
    """An edit that passes the check and fails at run time."""
    texts = right.files()
    steps = """        - choice:
            id: archive
            description: Files of the archive are elsewhere.
            when:
              - id: when-archive
                description: The ID is one of the archive's.
                steps:
                  - throwException:
                      id: not-here
                      description: Fails.
                      exceptionType: java.lang.IllegalStateException
                      message: the archive is not here
                simple:
                  expression: ${variable.request.fileId} startsWith 'file-'
"""
    place = "        - setVariable:\n            id: object-key-standard\n"
    texts["storage-standard.camel.yaml"] = replaced(texts["storage-standard.camel.yaml"], place, steps + place)
    return texts


def plan(count):
    """As many edits: a good one and a broken one in turn, over all kinds."""
    good = [GOOD[i % len(GOOD)] for i in range((count + 1) // 2)]
    bad = [list(BROKEN)[i % len(BROKEN)] for i in range(count // 2)]
    return [kind for pair in zip(good, bad + [None]) for kind in pair if kind][:count]


def save(texts, folder, by_rename):
    """Writes what differs and deletes what is gone: in place as VS Code does, or to a new file and renamed as vim does."""
    folder = Path(folder)
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    for path in [*folder.glob("*.camel.yaml"), *folder.glob("tests/*.test.yaml")]:
        if str(path.relative_to(folder)) not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        if path.exists() and path.read_text() == text:
            continue
        if by_rename:
            beside = path.with_name(path.name + "~")
            beside.write_text(text)
            beside.replace(path)
        else:
            path.write_text(text)
