#!/usr/bin/env python3
"""How long a stop takes that meets a large checkpoint: starts runs with networks of a size, sends SIGTERM at a random
moment once checkpoints follow one another, and says how long each took to end and whether its folder goes on.

    tests/long/stops.py                       12 stops, model.hidden = 2048 (a checkpoint of half a gigabyte)
    tests/long/stops.py 6 --hidden 64         another size
    tests/long/stops.py 6 --early             while the run is still being made
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/release/equipoise"
SMALL = ["env.horizon=40", "run.random_episodes=400", "model.steps=1", "mb.steps=1", "mb.hidden=8", "sac.hidden=8",
         "eps.masks=4", "eps.rollouts=2"]


def episodes(run):
    try:
        return sum(1 for _ in open(run / "episodes.jsonl"))
    except OSError:
        return 0


def stop(folder, hidden, early, moment):
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    words = [str(PROGRAM), "train", "--task", "cartpole", "--out", str(run), "--set", f"model.hidden={hidden}"]
    for setting in SMALL:
        words += ["--set", setting]
    with open(folder / "output", "w") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output)
    while not early and episodes(run) < 2 and process.poll() is None:
        time.sleep(0.02)
    time.sleep(moment)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait()
    seconds = time.monotonic() - asked
    size = (run / "checkpoints/state.eqps").stat().st_size if (run / "checkpoints/state.eqps").exists() else 0
    left = [name for name in os.listdir(run / "checkpoints") if ".tmp-" in name] if (run / "checkpoints").exists() else []
    print(f"{seconds:5.2f} s, exit code {code}, checkpoint {size / 1e6:.0f} MB, {episodes(run)} episodes", flush=True)
    return seconds, code == 75 and not left


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stops", nargs="?", type=int, default=12)
    parser.add_argument("--hidden", type=int, default=2048)
    parser.add_argument("--early", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    choose = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        done = [stop(pathlib.Path(folder), options.hidden, options.early, choose.random() * 2.5)
                for _ in range(options.stops)]
    longest = max(seconds for seconds, _ in done)
    whole = all(whole for _, whole in done)
    print(f"{len(done)} stops: {sum(s for s, _ in done) / len(done):.2f} s on average, {longest:.2f} s at most"
          + ("" if whole else "; one did not end as it should"))
    return 0 if whole and longest <= 2 else 1


sys.exit(main())
