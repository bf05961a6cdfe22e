"""The edits of bench/live: sets of route files, and what customers get from each."""

import hashlib
from pathlib import Path

from contenders import ROOT

ROUTES = ROOT / "routes"
GOOD = ["result codes", "branch", "request flow", "file added", "result codes", "branch", "file deleted"]
BROKEN = ["faulty YAML", "unknown bean", "route that cannot start"]

# Two files that show the number of the edit. A request through two versions has two numbers.
FIRST = """- route:
    id: probe
    from:
      uri: platform-http:/probe
      steps:
        - setBody: {{expression: {{constant: {{expression: "{number}"}}}}}}
        - delay: {{expression: {{constant: {{expression: "5"}}}}}}
        - to: {{uri: direct:probe-second}}
"""
SECOND = """- route:
    id: probe-second
    from:
      uri: direct:probe-second
      steps:
        - setBody: {{expression: {{simple: {{expression: "${{body}} {number}"}}}}}}
"""
EXTRA = """- route:
    id: extra
    from:
      uri: platform-http:/extra
      steps:
        - setBody: {expression: {constant: {expression: extra}}}
"""
CHOICE = "              - id: when-local\n"
PDF = """              - id: when-pdf
                expression: {simple: {expression: "${variable.request.fileType} == 'pdf'"}}
                steps:
                  - to: {id: to-storage-pdf, uri: direct:storage-pdf}
"""
UNAUTHORIZED = "Unauthorized operation. 1. Check whether you have purchased related services. "
# The last line of its text in result-codes.
UNAUTHORIZED_END = "2. Contact customer service to check the status of your account."
FLOW = "        - process:\n            id: check-request\n"


def replaced(text, old, new):
    if text.count(old) != 1:
        raise RuntimeError(f"not once in the routes: {old}")
    return text.replace(old, new)


class RouteSet:
    """A right set: the number of its edit, and which of the kinds of edit it has."""

    def __init__(self, number=0, pdf=False, flow=False, extra=False):
        self.number, self.pdf, self.flow, self.extra = number, pdf, flow, extra

    def after(self, number, kind):
        return RouteSet(number, self.pdf != (kind == "branch"), self.flow != (kind == "request flow"),
                        kind == "file added" or self.extra and kind != "file deleted")

    @property
    def mark(self):
        return f" Edit {self.number}."

    def files(self):
        texts = {path.name: path.read_text() for path in ROUTES.glob("*.camel.yaml")}
        texts["probe-first.camel.yaml"] = FIRST.format(number=self.number)
        texts["probe-second.camel.yaml"] = SECOND.format(number=self.number)
        codes, choose, flow = "result-codes.camel.yaml", "choose-storage.camel.yaml", "download-file-stream.camel.yaml"
        texts[codes] = replaced(texts[codes], UNAUTHORIZED_END + '"', f'{UNAUTHORIZED_END}{self.mark}"')
        if self.pdf:
            texts[choose] = replaced(texts[choose], CHOICE, PDF + CHOICE)
            texts["storage-pdf.camel.yaml"] = replaced((ROUTES / "storage-standard.camel.yaml").read_text().replace(
                "-standard", "-pdf"), "${variable.request.fileId}", "file-40960")
        if self.flow:
            texts[flow] = replaced(texts[flow], FLOW, "        - log: {id: log-edit, loggingLevel: DEBUG, "
                                   "message: edited}\n" + FLOW)
        if self.extra:
            texts["extra.camel.yaml"] = EXTRA
        return texts

    def right(self, kind):
        """The one right outcome of a request: of a file, its name; otherwise the text of the response."""
        return {"unauthorized": UNAUTHORIZED + UNAUTHORIZED_END + self.mark, "probe": f"{self.number} {self.number}",
                "pdf": "file-40960" if self.pdf else "file-4096", "small": "file-4096", "medium": "file-40960",
                "large": "file-2097152", "slow": "file-20971520", "local": "local.bin",
                "extra": "extra" if self.extra else "404", "unknown path": "404"}[kind]


def broken(right, kind):
    """The files of an edit that must be rejected: a right set with one fault."""
    texts = right.files()
    if kind == "faulty YAML":
        texts["result-codes.camel.yaml"] = texts["result-codes.camel.yaml"].replace("id: unauthorized\n", "id: [x\n")
    elif kind == "unknown bean":
        standard = "storage-standard.camel.yaml"
        texts[standard] = replaced(texts[standard], "ref: resolveKey}", "ref: resolveKeys}")
    else:
        texts["twice.camel.yaml"] = SECOND.format(number=0).replace("id: probe-second", "id: twice")
    return texts


def plan(count):
    """As many edits: three good ones, then a broken one, over all kinds."""
    good, bad = 0, 0
    for number in range(1, count + 1):
        if number % 4:
            yield number, GOOD[good % len(GOOD)]
            good += 1
        else:
            yield number, BROKEN[bad % len(BROKEN)]
            bad += 1


def sha256(texts):
    return hashlib.sha256("".join(texts[name] for name in sorted(texts)).encode()).hexdigest()


def save(texts, folder, by_rename=False):
    """Writes what differs and deletes what is gone: in place as VS Code does, or renamed as vim does."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.camel.yaml"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            if by_rename:
                beside = path.with_name(path.name + "~")
                beside.write_text(text)
                beside.replace(path)
            else:
                path.write_text(text)
