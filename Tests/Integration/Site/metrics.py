"""Parses a metrics page from standard input with Prometheus' own parser, and prints its samples as JSON.

Exits with 1 and a line for each metric whose name or samples break the conventions.
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

text = sys.stdin.read()
samples, wrong = {}, []
families = list(text_string_to_metric_families(text))
for family in families:
    if not family.documentation or family.type in ("untyped", "unknown"):
        wrong.append(f"{family.name}: no help or no type")
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
        key = f"{sample.name}{{{labels}}}" if labels else sample.name
        if key in samples:
            wrong.append(f"{key}: twice")
        samples[key] = sample.value
        if family.type == "counter" and not sample.name.endswith("_total"):
            wrong.append(f"{key}: a counter's name ends in _total")
        if not sample.name.startswith(("staticd_", "process_")):
            wrong.append(f"{key}: another prefix")
    if family.type == "histogram":
        by_label = {}
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                by_label.setdefault(sample.labels["responder"], []).append(sample.value)
        for label, values in by_label.items():
            if values != sorted(values):
                wrong.append(f"{family.name}: buckets of {label} decrease")
if len({family.name for family in families}) != len(families):
    wrong.append("a metric has two families")
for line in wrong:
    print(line, file=sys.stderr)
print(json.dumps(samples))
sys.exit(1 if wrong else 0)
