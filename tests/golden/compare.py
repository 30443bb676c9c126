#!/usr/bin/env python3
"""Two run folders of tests/golden/run.sh: is every number the same, to the bit?

  compare.py BASE_FOLDER PRESENT_FOLDER NAMES.json

Compared: the records of episodes.jsonl and events.jsonl but for their clocks, every numeric array of every archive
(checkpoints, kept checkpoints, decisions), and replay.bin. NAMES.json is the stated map of what is called otherwise now:

  {"arrays":  {"old name": "new name"},        names of arrays in archives
   "records": {"old.path": "new.path"},        members of records, nested ones joined by dots
   "values":  {"path": {"old": "new"}},        values of members that are texts
   "ignored": {"name": "why"}}                 arrays or members that may differ, with the reason

Of a list of objects each is a member of its own: by its "id" where it has one, else by its place. What has nothing in
it (an empty list) may be missing.

A name may end in "*": the rest is kept. Exit code 0: the same; 3: not the same (the first differences are printed).
"""
import glob
import json
import math
import os
import struct
import sys

SIZES = {1: 4, 2: 8, 3: 8, 4: 1}  # float32, float64, int64, text
TEXT = 4


def archive(path):
    """name -> (type, bytes) of an EQPS file; its checksum is the program's own matter."""
    data = open(path, "rb").read()
    if data[:4] != b"EQPS":
        raise SystemExit(f"{path}: not an archive")
    (entries,) = struct.unpack_from("<Q", data, 8)
    at, out = 16, {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<I", data, at)
        name = data[at + 4 : at + 4 + length].decode()
        at += 4 + length
        kind, count = struct.unpack_from("<BQ", data, at)
        at += 9
        out[name] = (kind, data[at : at + count * SIZES[kind]])
        at += count * SIZES[kind]
    return out


def renamed(name, names):
    for old, new in names.items():
        if old.endswith("*") and name.startswith(old[:-1]):
            return new[:-1] + name[len(old) - 1 :]
        if name == old:
            return new
    return name


def ignored(name, names):
    return any(name == k or (k.endswith("*") and name.startswith(k[:-1])) for k in names)


def flat(value, prefix=""):
    """Nested members as {"a.b": value}; lists of numbers stay whole."""
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        value = {str(v.get("id", i)): v for i, v in enumerate(value)}
    if not isinstance(value, dict):
        return {prefix: value}
    out = {}
    for key, member in value.items():
        out.update(flat(member, f"{prefix}.{key}" if prefix else key))
    return out


def records(path):
    if not os.path.exists(path):
        return []
    out = []
    for line in open(path):
        record = json.loads(line)
        record.pop("clock", None)
        out.append(flat(record))
    return out


def same(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    missing = ("NaN", None)
    if a in missing and b in missing:
        return True
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b):
        return True
    return a == b


def main():
    base, present, names_file = sys.argv[1:4]
    names = json.load(open(names_file))
    differences, compared = [], 0

    def differs(what):
        differences.append(what)

    for log in ("episodes.jsonl", "events.jsonl"):
        old, new = records(f"{base}/{log}"), records(f"{present}/{log}")
        if len(old) != len(new):
            differs(f"{log}: {len(old)} records, now {len(new)}")
        for i, (a, b) in enumerate(zip(old, new)):
            for key, value in a.items():
                if ignored(key, names["ignored"]):
                    continue
                to = renamed(key, names["records"])
                compared += 1
                value = names["values"].get(key, {}).get(value, value) if isinstance(value, str) else value
                if to not in b and value == []:
                    continue
                if to not in b:
                    differs(f"{log}:{i + 1}: {key} is missing (as {to})")
                elif not same(value, b[to]):
                    differs(f"{log}:{i + 1}: {key} was {value}, is {b[to]}")

    paths = glob.glob(f"{base}/checkpoints/*.eqps") + glob.glob(f"{base}/decisions/*.eqps")
    if not paths:
        differs("no archives in the base folder")
    for path in sorted(paths):
        name = os.path.relpath(path, base)
        if not os.path.exists(f"{present}/{name}"):
            differs(f"{name} is missing")
            continue
        old, new = archive(path), archive(f"{present}/{name}")
        for key, (kind, data) in old.items():
            if kind == TEXT or ignored(key, names["ignored"]):
                continue
            to = renamed(key, names["arrays"])
            compared += 1
            if to not in new:
                differs(f"{name}: array {key} is missing (as {to})")
            elif new[to] != (kind, data):
                differs(f"{name}: array {key} is not the same")

    old, new = (open(f"{f}/checkpoints/replay.bin", "rb").read() for f in (base, present))
    compared += 1
    if old != new:
        differs("checkpoints/replay.bin is not the same")

    if compared < 100:
        differs(f"only {compared} values were there to compare")
    for line in differences[:20]:
        print("  " + (line if len(line) < 300 else line[:300] + "..."))
    print(f"{compared} values compared, {len(differences)} differ")
    sys.exit(3 if differences else 0)


if __name__ == "__main__":
    main()
