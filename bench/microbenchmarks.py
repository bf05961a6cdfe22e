"""Runs the JMH benchmarks of bench/jmh on the classes of the product's jar."""

import json

from contenders import BENCH, JAVA, ROOT, run


def measure(work, store, product_jar, pattern):
    """Scores by benchmark: microseconds per call, and bytes allocated per call."""
    folder = work / "jmh-product"
    run([JAVA, "-Djarmode=tools", "-jar", product_jar, "extract", "--destination", folder])
    module = BENCH / "jmh/target"
    # The product's own libraries, and of the module only JMH.
    path = [module / "classes", folder / product_jar.name, *sorted((folder / "lib").glob("*.jar")),
            *sorted((module / "libraries").glob("*.jar"))]
    result = work / "jmh.json"
    environment = {**store.contender_environment(), **store.client_environment(0), "SERVER_PORT": "0", "MANAGEMENT_SERVER_PORT": "0",
                   "LOGGING_THRESHOLD_CONSOLE": "off"}  # a line per call would fill the run's memory
    output = run([JAVA, "-cp", ":".join(map(str, path)), "org.openjdk.jmh.Main", pattern, "-f", "1", "-wi", "5", "-i", "5",
                  "-w", "1", "-r", "1", "-prof", "gc", "-rf", "json", "-rff", result], environment, cwd=ROOT)
    scores = {}
    for entry in json.loads(result.read_text()):
        name = entry["benchmark"].rpartition("bench.")[2]
        parameters = ", ".join(f"{value}" for value in entry.get("params", {}).values())
        metric = entry["primaryMetric"]
        allocated = entry["secondaryMetrics"].get("gc.alloc.rate.norm") or entry["secondaryMetrics"].get(
            "·gc.alloc.rate.norm", {})
        scores[name + (f" ({parameters})" if parameters else "")] = {
            "us": metric["score"], "error": metric["scoreError"], "alloc": allocated.get("score")}
    if not scores:  # JMH ends as if nothing were wrong
        raise RuntimeError(next((line for line in output.splitlines() if "Caused by" in line or "Exception" in line), output))
    return scores
