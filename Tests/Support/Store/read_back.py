#!/usr/bin/env python3
"""Compares every object below s3://bucket/static with a collected root, using another client.

Usage: read_back.py ENDPOINT ROOT LAYOUT [MAX_AGE]
"""

import json
import pathlib
import sys

import boto3

endpoint, root, layout = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
max_age = sys.argv[4] if len(sys.argv) > 4 else "60"
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
problems = []


def expect(name, body, content_type, cache_control, coding=None):
    try:
        stored = client.get_object(Bucket="bucket", Key=f"static/{name}")
    except client.exceptions.NoSuchKey:
        problems.append(f"{name}: it is not there")
        return
    found = (stored["Body"].read(), stored["ContentType"], stored.get("CacheControl"), stored.get("ContentEncoding"))
    # Some stores return an empty value for an absent field.
    found = (*found[:3], found[3] or None)
    if found != (body, content_type, cache_control, coding):
        problems.append(f"{name}: {found[1:]} instead of {(content_type, cache_control, coding)}, "
                        f"content {'same' if found[0] == body else 'different'}")


manifest = json.loads((root / "staticd.json").read_text())
expected = {".staticd-publish.json", "staticd.json", "staticfiles.json"}
for name in ("staticd.json", "staticfiles.json"):
    expect(name, (root / name).read_bytes(), "application/json", "no-cache")
for name, file in manifest["files"].items():
    caching = file["cacheControl"]
    if "immutable" not in caching:
        caching = f"max-age={max_age}, public"
    codings = {coding["coding"]: root / coding["file"] for coding in file["codings"]}
    body, coding = (root / name).read_bytes(), None
    if layout == "br" and "br" in codings:
        body, coding = codings["br"].read_bytes(), "br"
    expect(name, body, file["type"], caching, coding)
    expected.add(name)
    if layout == "suffixes":
        for coding, path in codings.items():
            suffixed = str(path.relative_to(root))
            expect(suffixed, path.read_bytes(), file["type"], caching, coding)
            expected.add(suffixed)
pages = client.get_paginator("list_objects_v2").paginate(Bucket="bucket", Prefix="static/")
found = {item["Key"].removeprefix("static/") for page in pages for item in page.get("Contents", [])}
# Three releases stay, of which another root may have published one.
record = json.loads(client.get_object(Bucket="bucket", Key="static/.staticd-publish.json")["Body"].read())
older = {name for name, stored in record["objects"].items() if stored["release"] in record["releases"][1:3]}
found -= older - expected
if found != expected:
    problems.append(f"unexpected {sorted(found - expected)}, missing {sorted(expected - found)}")
print(*problems[:20], sep="\n")
sys.exit(bool(problems))
