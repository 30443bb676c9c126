#!/usr/bin/env python3
"""Runs agents side by side on one task and prints their table.

    assets/results/agents.py build/release/equipoise runs/agents --task cartpole --seeds 0 1
    assets/results/agents.py build/release/equipoise runs/agents-hc --task halfcheetah --seeds 0 \
        --rows td3 ppo svg hybrid pets mve mbpo

Every row is an agent, or a variant of one. A run that is there is gone on with, one that is over is only read. One thread
a run; --jobs of them at once. Runs that are not over are marked in the table.
"""
import argparse
import csv
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

# The rows: name -> (agent, preset, settings).
ROWS = {name: (name, "cpu", []) for name in (
    "unified", "unified-n", "unified-ensemble", "unified-bayes", "sac", "td3", "ddpg", "ppo", "dyna-table", "mbrl", "svg",
    "hybrid", "hybrid-d", "mb-mf", "mpc-0.5", "mpc-1.0", "mpc-1.5", "pets", "backprop", "pg", "kl", "naive", "dyna",
    "mba", "mve", "steve", "mbpo", "alm")}
for kind in ("1", "inf", "0"):
    ROWS[f"svg, kind {kind}"] = ("svg", "cpu", [f"svg.kind={kind}"])
ROWS["sac, plain"] = ("sac", "plain", [])
ROWS["pets, TS1"] = ("pets", "cpu", ["mpc.resample=true"])
ROWS["mve, STEVE"] = ("mve", "cpu", ["expansion.targets=blended", "expansion.model=ensemble", "ensemble.members=4",
                                     "td3.critics=4"])
ROWS["mve, over SAC"] = ("mve", "cpu", ["expansion.base=sac"])
ROWS["mba, linear"] = ("mba", "cpu", ["naf.model=linear"])
for planner in ("shooting", "cem", "mppi", "uct"):
    for model in ("mlp", "ensemble", "model", "simulator"):
        ROWS[f"mpc, {planner} in {model}"] = ("mpc", "cpu", [f"mpc.planner={planner}", f"mpc.model={model}"])


def folder(out, row, task, seed):
    return os.path.join(out, row.replace(", ", "-").replace(" ", "-") + f"-{task}-{seed}")


def returns_and_seconds(path):
    """Of the picked episodes."""
    returns, seconds = [], []
    name = os.path.join(path, "progress.csv")
    if not os.path.exists(name):
        return returns, seconds
    with open(name, newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if int(line["episode"]) < 1:
                continue
            returns.append(float(line["episode_return"]))
            seconds.append(float(line["clock.wall_seconds"]))
    return returns, seconds


def run(program, out, row, task, seed, episodes, config):
    agent, preset, settings = ROWS[row]
    path = folder(out, row, task, seed)
    if len(returns_and_seconds(path)[0]) >= episodes:
        return
    command = [program, "train"] + (["--config", config] if config else ["--task", task])
    command += ["--preset", preset, "--agent", agent, "--seed", str(seed), "--episodes", str(episodes), "--out", path,
                "--resume", "--set", "run.threads=1"]
    for setting in settings:
        command += ["--set", setting]
    with open(path.rstrip("/") + ".txt", "a", encoding="utf-8") as log:
        code = subprocess.call(command, stdout=log, stderr=subprocess.STDOUT)
    if code != 0:
        print(f"{row}, seed {seed}: ended with {code}; see {log.name}", flush=True)


def mean(numbers):
    return sum(numbers) / len(numbers) if numbers else float("nan")


def table(out, rows, task, seeds, episodes):
    lines = [f"| agent | seed | mean of {episodes} | " + " | ".join(
        f"{a}-{min(a + 19, episodes)}" for a in range(1, episodes + 1, 20)) + " | seconds an episode |",
        "|---|---|---|" + "---|" * len(range(0, episodes, 20)) + "---|"]
    for row in rows:
        for seed in seeds:
            returns, seconds = returns_and_seconds(folder(out, row, task, seed))
            if not returns:
                continue
            short = "" if len(returns) >= episodes else f" ({len(returns)} episodes)"
            returns, seconds = returns[:episodes], seconds[:episodes]
            blocks = [f"{mean(returns[a:a + 20]):.1f}" if returns[a:a + 20] else "" for a in range(0, episodes, 20)]
            each = (seconds[-1] - seconds[0]) / (len(seconds) - 1) if len(seconds) > 1 else float("nan")
            lines.append(f"| `{row}`{short} | {seed} | {mean(returns):.1f} | " + " | ".join(blocks) + f" | {each:.2f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("out")
    parser.add_argument("--task", default="cartpole")
    parser.add_argument("--config", help="a configuration file of that task instead of its own")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--episodes", type=int, default=100)
    parser.add_argument("--rows", nargs="+", choices=sorted(ROWS), default=list(ROWS), metavar="ROW")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="print the table of what is there, and run nothing")
    given = parser.parse_args()
    os.makedirs(given.out, exist_ok=True)
    if not given.table:
        with ThreadPoolExecutor(given.jobs) as pool:
            jobs = [pool.submit(run, given.program, given.out, row, given.task, seed, given.episodes,
                                given.config)
                    for row in given.rows for seed in given.seeds]
            for job in jobs:
                job.result()
    print(table(given.out, given.rows, given.task, given.seeds, given.episodes))


if __name__ == "__main__":
    main()
