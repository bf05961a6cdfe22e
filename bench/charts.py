"""Draws what was measured as SVG: bars with spreads for throughput, lines for memory over time."""

import statistics
from html import escape

from report import CAMEL, GO, HAND, KB, MB, NODE, PRODUCT, RAW, number, size_name, values

COLOURS = {PRODUCT: "#1f6feb", HAND: "#8c959f", GO: "#0c9aa8", CAMEL: "#d4a72c", NODE: "#57ab5a", RAW: "#d0d7de"}
LABELS = {PRODUCT: "this service"}
INK, PALE = "#1f2328", "#d8dee4"
WIDTH, MARGIN, NAMES, BAR, GAP = 860, 24, 130, 18, 8


def text(x, y, content, size=13, anchor="start", weight="normal", colour=INK):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{colour}">{escape(content)}</text>')


def line(x1, y1, x2, y2, colour=INK, width=1.0):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def picture(height, title, where, parts):
    """A white card, so that it reads on dark pages as well."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'font-family="system-ui, sans-serif"><title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{height:.0f}" rx="8" fill="#ffffff" stroke="{PALE}"/>',
        text(MARGIN, 34, title, 17, weight="600"), text(MARGIN, 54, where, 12, colour="#656d76"), *parts, "</svg>", ""])


def throughput(result, where):
    """Requests a second at 32 connections for a small, a middle and a large file; one scale for each."""
    parts, y = [], 86
    for size in (4 * KB, 40 * KB, 2 * MB):
        by = {name: values(samples, "rps") for name, samples in result["cells"].get((size, 32), {}).items()
              if name != RAW}
        rows = sorted(((statistics.median(found), min(found), max(found), name) for name, found in by.items() if found),
                      reverse=True)
        if not rows:
            continue
        parts.append(text(MARGIN, y, f"{size_name(size)} files, requests/s", 14, weight="600"))
        y += 14
        scale = (WIDTH - 2 * MARGIN - NAMES - 190) / max(most for _, _, most, _ in rows)
        for middle, least, most, name in rows:
            left, centre = MARGIN + NAMES, y + BAR / 2
            parts += [text(left - 8, centre + 5, LABELS.get(name, name), anchor="end", weight="600" if name == PRODUCT else "normal"),
                      f'<rect x="{left}" y="{y}" width="{middle * scale:.1f}" height="{BAR}" rx="2" fill="{COLOURS[name]}"/>',
                      line(left + least * scale, centre, left + most * scale, centre),
                      line(left + least * scale, centre - 4, left + least * scale, centre + 4),
                      line(left + most * scale, centre - 4, left + most * scale, centre + 4),
                      text(left + most * scale + 8, centre + 5, f"{number(middle)} ({number(least)}–{number(most)})")]
            y += BAR + GAP
        y += 24
    explained = f"medians of {result['rounds']} rounds, with the least and the most; {where}"
    return picture(y - 8, "Downloads at 32 connections", explained, parts) if parts else None


def memory(result, where):
    """Resident memory while large downloads run side by side in a small heap; time is that of each run."""
    lines = {name: got["rss_series"] for name, got in result["together"].items() if len(got["rss_series"]) > 1}
    if not lines:
        return None
    count, size = result["together_work"]
    left, top, right, bottom = MARGIN + 56, 78, WIDTH - MARGIN - 150, 350
    most_mb = max(max(series) for series in lines.values()) * 1.05
    most_seconds = max(len(series) for series in lines.values()) * result["sample_seconds"]
    step = next(step for step in (50, 100, 200, 500, 1000, 2000, 5000) if most_mb / step <= 7)
    parts = []
    for mb in range(0, int(most_mb) + 1, step):
        y = bottom - (bottom - top) * mb / most_mb
        parts += [line(left, y, right, y, PALE), text(left - 8, y + 4, f"{mb:,} MB", 12, "end")]
    parts += [text(left, bottom + 20, "0 s", 12), text(right, bottom + 20, f"{most_seconds:.0f} s", 12, "end")]
    labels = []
    for name, series in lines.items():
        points = [(left + (right - left) * i * result["sample_seconds"] / most_seconds,
                   bottom - (bottom - top) * mb / most_mb) for i, mb in enumerate(series)]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline fill="none" stroke="{COLOURS[name]}" stroke-width="{3 if name == PRODUCT else 2}" '
                     f'points="{joined}"/>')
        labels.append((points[-1][1], f"{LABELS.get(name, name)}, {number(max(series))} MB", COLOURS[name]))
    y = 0
    for at, label, colour in sorted(labels):
        y = max(at, y + 17)
        parts += [f'<rect x="{right + 10}" y="{y - 5:.0f}" width="10" height="10" fill="{colour}"/>',
                  text(right + 26, y + 4, label, 12)]
    return picture(max(bottom, y) + 40, f"Memory of {count} downloads of {size_name(size)} at the same time",
                   f"resident memory of the process; -Xmx{result['small_heap']} for Java; {where}", parts)


def write(result, facts, folder, name):
    """Writes results/NAME-throughput.svg and results/NAME-memory.svg, as far as they were measured."""
    where = f"Java {name.removeprefix('jdk')}, {facts['CPU']}"
    for kind, drawn in (("throughput", throughput(result, where)), ("memory", memory(result, where))):
        if drawn:
            (folder / f"{name}-{kind}.svg").write_text(drawn)
