#!/usr/bin/env python3
"""Every single damage to every file of a real run's folder: does resume go on, is it named, what does repair do?

    tests/long/damages.py                      a run of cart-pole with tiny networks; takes some minutes
    tests/long/damages.py --program PROGRAM    another program, to compare
    tests/long/damages.py --each               also a line for each damage

Damages: one byte less, deleted, a bit changed, a digit changed, a line removed, emptied; and whole folders deleted. A damage
is named when what resume (or its refusal) says has the file's name. Needs the built program (tests/run.sh builds it).
Exit code 1: a damage passed that neither resume nor audit names.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TINY = ["env.horizon=40", "run.random_episodes=2", "model.steps=4", "model.hidden=8", "mb.steps=2", "mb.hidden=8",
        "sac.hidden=8", "eps.masks=4", "eps.rollouts=2"]
EPISODES = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "build/release/equipoise"))
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        return torture(options, work)


def run(options, work, *words):
    done = subprocess.run([options.program, *words], cwd=work, capture_output=True, text=True, timeout=300,
                          env={k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")})
    return done.returncode, done.stdout + done.stderr


def make_run(options, work):
    words = [word for setting in TINY for word in ("--set", setting)]
    code, said = run(options, work, "train", "--task", "cartpole", "--episodes", str(EPISODES - 1), "--out", "run", *words)
    if code != 0:
        sys.exit(said)
    # A note in events.jsonl, so that there is a line to damage.
    with open(os.path.join(work, "run/progress.csv"), "ab") as table:
        table.write(b"x")
    code, said = run(options, work, "resume", "run", "--episodes", str(EPISODES))
    if code != 0:
        sys.exit(said)


def changed(data, at, by):
    return data[:at] + bytes([by]) + data[at + 1:]


def damages_of(data):
    """Name and what becomes of the bytes; None: the file goes."""
    middle = len(data) // 2
    yield "deleted", None
    if not data:
        return
    yield "one byte less", data[:-1]
    yield "a bit changed", changed(data, middle, data[middle] ^ 1)
    yield "emptied", b""
    text = b"\0" not in data
    digit = re.search(rb"[0-9]", data[middle:]) or re.search(rb"[0-9]", data)
    if digit:
        at = digit.start() + (middle if re.search(rb"[0-9]", data[middle:]) else 0)
        yield "a digit changed", changed(data, at, ord("0") + (data[at] - ord("0") + 1) % 10)
    if text:
        lines = data.splitlines(keepends=True)
        yield "a line removed", b"".join(lines[:len(lines) // 2] + lines[len(lines) // 2 + 1:])


def torture(options, work):
    make_run(options, work)
    source = os.path.join(work, "run")
    cases = []
    for folder, _, files in sorted(os.walk(source)):
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name), source)
            if name in (".lock", "dashboard.png"):
                continue
            if path.startswith("decisions/") and name != "000004.eqps":
                continue  # one stands for all
            with open(os.path.join(source, path), "rb") as file:
                data = file.read()
            cases += [(path, what, after) for what, after in damages_of(data)]
    cases += [(folder, "folder deleted", None) for folder in ("checkpoints", "decisions")]
    count = dict.fromkeys(["damages", "resume goes on", "named by resume", "audit alone names it", "nobody names it",
                           "resume refuses, names it", "resume refuses, does not name it", "repair brings it back",
                           "repair keeps what can be read"], 0)
    bad = 0
    for path, what, after in cases:
        case = os.path.join(work, "case")
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(source, case)
        target = os.path.join(case, path)
        if after is not None:
            with open(target, "wb") as file:
                file.write(after)
        elif os.path.isdir(target):
            shutil.rmtree(target)
        else:
            os.remove(target)
        name = os.path.basename(path)
        count["damages"] += 1
        audit_code, audit = run(options, work, "audit", "case")
        audited = audit_code in (2, 3, 4) and (name in audit or os.path.splitext(name)[0].lstrip("0") in audit)
        code, said = run(options, work, "resume", "case", "--episodes", str(EPISODES + 1))
        notes = "\n".join(line for line in said.splitlines() if "note:" in line or line.startswith("equipoise: "))
        named = name in notes
        if code == 0:
            outcome = "goes on, " + ("named" if named else "audit names it" if audited else "SILENT")
            count["resume goes on"] += 1
            count["named by resume" if named else "audit alone names it" if audited else "nobody names it"] += 1
            bad += not named and not audited
        else:
            count["resume refuses, names it" if named else "resume refuses, does not name it"] += 1
            repaired, text = run(options, work, "repair", "case")
            back, _ = run(options, work, "resume", "case", "--episodes", str(EPISODES + 1))
            outcome = "refuses, repair %d, then resume %d" % (repaired, back)
            count["repair brings it back" if back == 0 else "repair keeps what can be read"] += 1
            bad += not named and name not in text
        if options.each:
            print("%-28s %-16s %s" % (path[:28], what, outcome), flush=True)
    for key, value in count.items():
        print("%4d  %s" % (value, key))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
