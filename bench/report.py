"""Writes what was measured as Markdown, with the goals beside it."""

import datetime
import os
import platform
import re
import shutil
import statistics
import subprocess
from pathlib import Path

from contenders import JAVA, ROOT

KB, MB, GB = 1024, 1024 ** 2, 1024 ** 3
PRODUCT, HAND, CAMEL, NODE, GO, RAW = "product", "hand-written", "idiomatic Camel", "Node.js", "Go", "raw S3"
MISSING = "not measured"


def size_name(size):
    return f"{size // GB} GB" if size >= GB else f"{size // MB} MB" if size >= MB else f"{size // KB} KB"


def java_text():
    return subprocess.run([JAVA, "-version"], capture_output=True, text=True, check=True).stderr


def java_version():
    return int(re.search(r'version "(\d+)', java_text()).group(1))


def output_of(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def go_version():
    return output_of("go", "version").removeprefix("go version ") if shutil.which("go") else "not installed, left out"


def machine():
    """When, where and what is measured; read before the load, which would show in it."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text()).group(1)) * KB / GB
    changed = output_of("git", "status", "--porcelain", "--", "src", "routes", "config", "pom.xml")
    return {
        "date": datetime.date.today().isoformat(),
        "CPU": f"{cpu.group(1) if cpu else platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "JDK": java_text().splitlines()[1],
        "Node.js": output_of("node", "--version"),
        "Go": go_version(),
        "commit": output_of("git", "rev-parse", "--short", "HEAD") + (" with uncommitted changes" if changed else ""),
        "other load before the run": f"{os.getloadavg()[0]:.1f} (1 minute average; anything above 0.3 blurs the figures)",
    }


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def values(samples, field):
    return [sample[field] for sample in samples or [] if sample.get(field) is not None]


def median(samples, field):
    found = values(samples, field)
    return statistics.median(found) if found else None


def spread(samples, field):
    found = values(samples, field)
    if not found:
        return "–"
    return f"{number(statistics.median(found))} ({number(min(found))}–{number(max(found))})"


def ratios(of, to, field):
    """Round by round, so that a machine that slows down over the run does not show in it."""
    return [a / b for a, b in zip(values(of, field), values(to, field)) if b]


def ratio(of, to, field):
    found = ratios(of, to, field)
    return statistics.median(found) if found else None


def ratio_text(of, to, field):
    found = ratios(of, to, field)
    if not found:
        return MISSING
    return f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def verdict(reached):
    return "–" if reached is None else "yes" if reached else "**no**"


def goals(result):
    """The goals, each with what was measured."""
    rows = []

    def add(figure, goal, measured, reached):
        rows.append((figure, goal, measured, verdict(reached)))

    def compare(figure, samples, other, field, least=None, most=None):
        got = ratio(samples.get(PRODUCT), samples.get(other), field)
        goal = f"≥ {least} × {other}" if least else f"≤ {most} × {other}"
        reached = None if got is None else got >= least if least else got <= most
        add(figure, goal, ratio_text(samples.get(PRODUCT), samples.get(other), field), reached)

    for size, connections, field, other, least in (
            (4 * KB, 32, "rps", HAND, 1.25), (4 * KB, 32, "rps", GO, 0.75),
            (40 * KB, 32, "rps", HAND, 1.3), (40 * KB, 32, "rps", GO, 0.9), (40 * KB, 32, "rps", CAMEL, 1.6),
            (40 * KB, 32, "rps", NODE, 2), (40 * KB, 256, "rps", HAND, 1.2),
            (2 * MB, 32, "mb_s", HAND, 1.2), (2 * MB, 32, "mb_s", GO, 1.3), (2 * MB, 32, "mb_s", CAMEL, 5)):
        unit = "requests/s" if field == "rps" else "MB/s"
        compare(f"{size_name(size)}, {connections} connections, {unit}", result["cells"].get((size, connections), {}),
                other, field, least=least)
    for connections in (32, 256):
        compare(f"40 KB, {connections} connections, p99", result["cells"].get((40 * KB, connections), {}), HAND, "p99",
                most=0.5)
    single = result["streams"].get(200 * MB, {})
    compare("200 MB single stream, wire MB/s", single, HAND, "mb_s", least=1.2)
    compare("200 MB single stream, wire MB/s", single, RAW, "mb_s", least=0.9)
    peak = max((value for by in result["cells"].values() for value in values(by.get(PRODUCT), "rss")), default=None)
    add(f"RSS at load, -Xmx{result['heap']}", "≤ 350 MB", MISSING if peak is None else f"peak {number(peak)} MB",
        None if peak is None else peak <= 350)

    count, size = result["together_work"]
    together = result["together"].get(PRODUCT)
    figure = f"{count} × {size_name(size)} under -Xmx{result['small_heap']}"
    if (count, size) != (64, 200 * MB):
        figure += " (goal: 64 × 200 MB)"
    if together:
        add(figure, "all byte-exact", f"{together['exact']} of {together['downloads']} exact",
            together["exact"] == together["downloads"])
        add(figure, "heap in use flat", "MB over time: " + series(together["heap_over_time"])
            + "; after collections: " + series(together["live_over_time"]),
            # Without the first fifth, in which the downloads begin.
            flat((together["live_over_time"] or together["heap_over_time"])[1:]))
        add(figure, "RSS ≤ 300 MB", f"peak {number(together['rss'])} MB", together["rss"] <= 300)
    else:
        add(figure, "all byte-exact, heap flat, RSS ≤ 300 MB", MISSING, None)

    grown = [(size, by[PRODUCT]) for size, by in result["growing"].items() if PRODUCT in by]
    if grown:
        live = [entry["live"] for _, entry in grown if entry["live"] is not None]
        text = "; ".join(f"{size_name(size)}: RSS {number(entry['rss'])}, heap {number(entry['live'])}"
                         for size, entry in grown)
        whole = all(entry["exact"] == entry["downloads"] for _, entry in grown)
        add("memory as files grow 2 MB → 1 GB (MB)", "flat", text, whole and flat(live)
            and grown[-1][1]["rss"] <= grown[0][1]["rss"] * 1.1 + 10)
    else:
        add("memory as files grow 2 MB → 1 GB", "flat", MISSING, None)

    check = next((entry for name, entry in result["jmh"].items() if "TokenCheck.product" in name), None)
    add("cost of the token check once seen (both tokens)", "≤ 5 µs",
        f"{check['us']:.2f} µs ± {check['error']:.2f}" if check else MISSING, check and check["us"] <= 5)

    small = result["cells"].get((40 * KB, 32), {})
    ours, theirs = small.get(PRODUCT), small.get(HAND)
    differences = [1000 * (a - b) for a, b in zip(values(ours, "cpu_1000"), values(theirs, "cpu_1000"))]
    if differences:
        middle = statistics.median(differences)
        add("framework cost, 40 KB: our CPU per request minus hand-written's", "≤ 0 µs",
            f"{middle:+.0f} µs ({min(differences):+.0f}–{max(differences):+.0f})", middle <= 0)
    else:
        add("framework cost, 40 KB: our CPU per request minus hand-written's", "≤ 0 µs", MISSING, None)

    ready = result["ready"]
    add("start to ready", "≤ 2.5 s (JDK 25, AOT cache or CDS)", starts_text(ready),
        min(statistics.median(seconds) for seconds in ready.values()) <= 2.5 if ready else None)
    add("start to first download", "–",
        starts_text({name: seconds for name, seconds in result["starts"].items() if name.startswith(PRODUCT)}), None)
    return table(("figure", "goal", "measured (spread)", "reached"), rows)


def starts_text(ways):
    return "; ".join(f"{name.removeprefix(PRODUCT).strip(', ') or 'jar'} {statistics.median(seconds):.2f} s"
                     for name, seconds in ways.items()) or MISSING


def series(values):
    return ", ".join(number(value) for value in values) or "no collection was needed"


def flat(values):
    """Whether the last value is no more than a tenth and 8 MB above the first."""
    return len(values) < 2 or values[-1] <= values[0] * 1.1 + 8


def cells(result):
    parts = []
    for (size, connections), by in sorted(result["cells"].items()):
        rows = [(name, spread(samples, "rps"),
                 ratio_text(samples, by.get(HAND), "rps"), spread(samples, "p50"), spread(samples, "p99"),
                 spread(samples, "mb_s"), number(median(samples, "cpu_1000")), number(median(samples, "store_cpu_1000")),
                 number(median(samples, "cpu_gb")), number(median(samples, "alloc_kb")),
                 number(max(values(samples, "heap"), default=None)), number(max(values(samples, "rss"), default=None)),
                 sum(values(samples, "errors"))) for name, samples in by.items()]
        parts.append(f"### {size_name(size)}, {connections} connection{'s' if connections > 1 else ''}\n\n" + table(
            ("contender", "requests/s", "× hand-written", "p50 ms", "p99 ms", "output MB/s", "CPU s/1,000 requests",
             "store's CPU s/1,000", "CPU s/GB", "allocated KB/request", "peak heap MB", "peak RSS MB", "errors"),
            sort_rows(rows)))
    return parts


def rotating(result):
    """What many sessions cost beside one."""
    rows = []
    for size, by in sorted(result["rotating"].items()):
        one = result["cells"].get((size, 32), {})
        rows += sort_rows([(name, size_name(size), spread(samples, "rps"), number(median(one.get(name), "rps")),
                            ratio_text(samples, by.get(HAND), "rps"),
                            ratio_text(one.get(name), one.get(HAND), "rps"), spread(samples, "p99"),
                            sum(values(samples, "errors"))) for name, samples in by.items()])
    return ["### 1,000 sessions of 10 apps in turn, 32 connections\n\n" + table(
        ("contender", "size", "requests/s", "with one session", "× hand-written", "× hand-written, one session",
         "p99 ms", "errors"), rows)] if rows else []


def sort_rows(rows):
    order = [PRODUCT, HAND, GO, CAMEL, NODE, RAW]
    return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order))


def streams(result):
    parts = []
    for size, by in sorted(result["streams"].items()):
        rows = [(name, spread(samples, "mb_s"), ratio_text(samples, by.get(HAND), "mb_s"),
                 ratio_text(samples, by.get(RAW), "mb_s"), spread(samples, "first_byte"),
                 number(median(samples, "cpu_gb")), number(median(samples, "store_cpu_gb")),
                 number(max(values(samples, "heap"), default=None)), number(max(values(samples, "rss"), default=None)))
                for name, samples in by.items()]
        parts.append(f"### {size_name(size)}, single stream\n\n" + table(
            ("contender", "wire MB/s", "× hand-written", "× raw S3", "first byte ms", "CPU s/GB", "store's CPU s/GB",
             "peak heap MB", "peak RSS MB"), sort_rows(rows)))
    return parts


def together(result):
    if not result["together"]:
        return []
    count, size = result["together_work"]
    rows = [(name, f"{got['exact']} of {got['downloads']}", number(got["mb_s"]), number(got["first_byte"]),
             number(got["cpu_gb"]), number(got["rss_before"]), number(got["rss"]),
             series(got["rss_over_time"]), number(got["heap"]), series(got["heap_over_time"]),
             series(got["live_over_time"]), got["wrong"] or "–")
            for name, got in result["together"].items()]
    return [f"### {count} × {size_name(size)} at the same time, -Xmx{result['small_heap']} (Node.js and Go: their defaults)\n\n"
            + table(("contender", "byte-exact", "wire MB/s", "first byte ms", "CPU s/GB", "RSS MB before", "peak RSS MB",
                     "RSS MB over time", "peak heap MB", "heap MB over time", "heap MB after collections", "what went wrong"), rows)]


def growing(result):
    if not result["growing"]:
        return []
    names = [PRODUCT, HAND, GO, CAMEL, NODE]
    rows = []
    for size, by in result["growing"].items():
        rows.append([size_name(size)] + [
            "–" if name not in by else by[name]["wrong"] or
            f"{number(by[name]['rss'])} / {number(by[name]['heap'])} / {number(by[name]['live'])}" for name in names])
    return [f"### As files grow, four at a time, -Xmx{result['small_heap']} (Node.js and Go: their defaults)\n\n"
            "MB: peak RSS / peak heap / heap after collections (median).\n\n" + table(["file size", *names], rows)]


def slow(result):
    if not result["slow"]:
        return []
    alone = result["cells"].get((40 * KB, 32), {})
    rows = [(name, spread(samples, "rps"), number(median(alone.get(name), "rps")), spread(samples, "p50"),
             spread(samples, "p99"), number(median(alone.get(name), "p99")),
             f"{min(values(samples, 'readers'))} of {result['slow_readers']}",
             number(min(values(samples, "least_kb_s"))), number(max(values(samples, "heap"), default=None)),
             number(max(values(samples, "rss"), default=None)), sum(values(samples, "errors")))
            for name, samples in result["slow"].items()]
    return [f"### 40 KB, 32 connections, beside {result['slow_readers']} readers of 50 kB/s\n\n" + table(
        ("contender", "requests/s", "alone", "p50 ms", "p99 ms", "p99 alone", "readers that got no wrong byte",
         "slowest reader kB/s", "peak heap MB", "peak RSS MB", "errors"), sort_rows(rows))]


def starts(result):
    if not result["starts"]:
        return []
    def text(seconds):
        return f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})" if seconds else "–"

    rows = [(name, text(seconds), text(result["ready"].get(name))) for name, seconds in result["starts"].items()]
    return [f"### Start, -Xmx{result['small_heap']}, seconds\n\n"
            + table(("contender", "to the first download", "to ready"), rows)]


def jmh(result):
    if not result["jmh"]:
        return []
    rows = [(name, f"{entry['us']:.2f} ± {entry['error']:.2f}", number(entry["alloc"]))
            for name, entry in result["jmh"].items()]
    return ["### JMH\n\n" + table(("benchmark", "µs per call", "bytes allocated per call"), rows)]


def sentence(result, facts, name):
    """README's sentence on speed, with its picture: the best and the worst ratio of all that was measured."""
    def between(other):
        work = {f"{size_name(size)} at {connections}": by for (size, connections), by in result["cells"].items()}
        work |= {f"{size_name(size)} of 1,000 sessions": by for size, by in result["rotating"].items()}
        found = [(ratio(by.get(PRODUCT), by.get(other), "rps"), text) for text, by in work.items()]
        worst, best = min(got for got in found if got[0]), max(got for got in found if got[0])
        return f"{worst[0]:.2f} × ({worst[1]}) to {best[0]:.2f} × ({best[1]})"

    return (f"![Requests per second of this service and of its alternatives](bench/results/{name}-throughput.svg)\n\n"
            f"On {facts['CPU'].rpartition(', ')[2]} with Java {name.removeprefix('jdk')}, the service serves "
            f"{between(HAND)} the requests of a Spring controller written by hand, and {between(GO)} those of a service "
            f"in Go ({facts['commit']}).")


def write(result, facts, file):
    """Writes the report and gives its beginning back, the goals."""
    head = [f"# Benchmark, {result['plan']} run, {file.stem}",
            "\n".join(f"- {name}: {value}" for name, value in facts.items()),
            f"{result['rounds']} rounds, {result['seconds']} s a turn, {result['minutes']:.0f} minutes. Figures are medians "
            "of the rounds, in brackets min–max; ratios are taken round by round. Throughput under "
            f"-Xmx{result['heap']}. MB are 10^6 bytes, except heap and allocation (2^20, 2^10). CPU per GB is per GB of file content.",
            "## Goals", goals(result)]
    if result["notes"]:
        head += ["## What was wrong or is missing", "\n".join(f"- {note}" for note in result["notes"])]
    body = ["## Figures", *cells(result), *rotating(result), *streams(result), *slow(result), *together(result), *growing(result),
            *starts(result), *jmh(result)]
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n\n".join(head + body) + "\n")
    return "\n\n".join(head)
