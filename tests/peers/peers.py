#!/usr/bin/env python3
"""Trains our agents and those of Stable-Baselines3 on HalfCheetah at horizon 1000, and prints one table of both.
tests/peers/run.sh builds, installs and starts it; --table of what is there runs nothing and needs no packages.

Equal on both sides, for all: the task (same_task.py), horizon, steps, sizes of nets and batches, step sizes, discount,
Adam, initial weights by layer (uniform in 1 / sqrt(inputs); PPO orthogonal), one thread. An episode ends by time alone,
and both take the value of the state after the last step into account.

Not equal, for all: random numbers, although seeds have one name. MuJoCo's version. Ours learns between episodes, theirs
between steps (PPO: between batches); an episode of ours is acted by one policy. Returns are those of training, noise
included.
  sac         10 random episodes, then one update a step on both sides. Ours makes the first 1,000 before its 11th episode,
              so that it is half an episode ahead. The temperature's gradient holds alpha as a factor in ours; Adam takes
              most of that back.
  td3         as sac.
  ppo         Ours squashes what it draws by tanh, theirs clips it at the bounds of the task. A batch is two whole episodes
              (2,000 steps in 31 parts of 64), theirs 2,048 steps in 32. Both normalise observations and rewards; ours moves
              what it normalises by after a batch, theirs at each step, and clips observations at 10. Ours begins with one
              random episode, which it does not learn from.
  ppo, tuned  The zoo's values. As ppo; besides ours has tanh units (theirs ReLU), no bonus for entropy (theirs 0.0004),
              and a batch of 1,000 steps (theirs 512); epochs, rows of a gradient step and the standard deviation at the
              start, exp(-2), are equal.
"""
import argparse
import csv
import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HORIZON = 1000
OFF_POLICY = ["{0}.hidden=256", "{0}.layers=2", "{0}.batch=256", "{0}.updates_per_step=1", "{0}.train_on_random=false",
              "{0}.gamma=0.99", "{0}.tau=0.005"]
PPO = ["ppo.layers=2", "ppo.anneal=false", "ppo.clip_value=0", "ppo.target_kl=0"]
# Rows: name -> agent, random episodes, settings that make ours what theirs is.
ROWS = {
    "ppo": ("ppo", 1, PPO + ["ppo.hidden=64", "ppo.batch_steps=2000", "ppo.minibatches=31", "ppo.epochs=10", "ppo.lr=0.0003",
                             "ppo.clip_ratio=0.2", "ppo.value_weight=0.5", "ppo.clip_norm=0.5", "ppo.gamma=0.99",
                             "ppo.lambda=0.95"]),
    "ppo, tuned": ("ppo", 1, PPO + ["ppo.hidden=256", "ppo.batch_steps=1000", "ppo.minibatches=15", "ppo.epochs=20",
                                    "ppo.lr=2.0633e-05", "ppo.clip_ratio=0.1", "ppo.value_weight=0.58096",
                                    "ppo.clip_norm=0.8", "ppo.gamma=0.98", "ppo.lambda=0.92",
                                    "ppo.start_sd=0.1353"]),
    "td3": ("td3", 10, [s.format("td3") for s in OFF_POLICY] + [
        "td3.actor_lr=0.001", "td3.critic_lr=0.001", "td3.critics=2", "td3.delay=2", "td3.target_noise=0.2",
        "td3.target_noise_clip=0.5", "td3.pretanh_penalty=0", "td3.noise=white", "td3.noise_sd=0.1"]),
    "sac": ("sac", 10, [s.format("sac") for s in OFF_POLICY] + [
        "sac.actor_lr=0.0003", "sac.critic_lr=0.0003", "sac.entropy_lr=0.0003", "sac.entropy_auto=true",
        "sac.entropy_bonus=1", "sac.target_entropy=-1", "sac.entropy_in_target=true", "sac.layer_norm=false",
        "sac.critics=2", "sac.target_critics=2", "sac.actor_value=min", "sac.sigma_max=0", "sac.sd=log-clamp",
        "sac.actor_activation=relu"]),
}
SIDES = ("ours", "sb3")
# What others printed of the same task after a million steps, and where: the end that both sides are on the way to.
PUBLISHED = {
    "sac": "9535 (rl-baselines3-zoo, benchmark.md, v3, one run); 9635 +- 1424 (CleanRL, docs/rl-algorithms/sac.md, 3 seeds, "
           "training); 12139 +- 1049 (Tianshou, examples/mujoco, v3, 10 seeds, best evaluation)",
    "td3": "9656 (rl-baselines3-zoo); 9637 +- 859 (TD3's paper, v1, 10 trials); 10201 +- 773 (Tianshou)",
    "ppo, tuned": "5819 (rl-baselines3-zoo)",
    "ppo": "",
}


def folder(out, row, side, seed):
    return os.path.join(out, row.replace(", ", "-") + f"-{side}-{seed}")


def returns_and_seconds(path):
    returns, seconds = [], 0.0
    name = os.path.join(path, "progress.csv")
    if os.path.exists(name):
        with open(name, newline="", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                returns.append(float(line["episode_return"]))
                seconds = float(line["clock.wall_seconds"])
    return returns, seconds


def processor_seconds(path):
    """Of all starts of a run, in all; nan: it was started otherwise."""
    if not os.path.exists(path + ".processor"):
        return float("nan")
    with open(path + ".processor", encoding="utf-8") as file:
        return sum(float(line) for line in file)


def run(given, row, side, seed):
    path = folder(given.out, row, side, seed)
    episodes = given.steps // HORIZON
    if len(returns_and_seconds(path)[0]) >= episodes:
        return
    if side == "ours":
        agent, random, settings = ROWS[row]
        command = [given.program, "train", "--task", "halfcheetah", "--preset", "cpu", "--agent", agent, "--seed", str(seed),
                   "--episodes", str(episodes - random), "--out", path, "--resume"]
        if given.config:
            command[2:4] = ["--config", given.config]
        for setting in ["run.threads=1", f"env.horizon={HORIZON}", f"run.random_episodes={random}"] + settings:
            command += ["--set", setting]
    else:
        command = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "sb3.py"), row, "--steps",
                   str(given.steps), "--seed", str(seed), "--out", path]
    # One thread each: the libraries of numbers would take all cores.
    alone = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    with open(path + ".txt", "a", encoding="utf-8") as log:
        child = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **alone})
        _, status, used = os.wait4(child.pid, 0)
        code = child.returncode = os.waitstatus_to_exitcode(status)
    with open(path + ".processor", "a", encoding="utf-8") as file:  # a line for each start of the run
        file.write(f"{used.ru_utime + used.ru_stime:.1f}\n")
    if code != 0:
        print(f"{row}, {side}, seed {seed}: ended with {code}; see {log.name}", flush=True)


def mean(numbers):
    return sum(numbers) / len(numbers) if numbers else float("nan")


def table(given, rows):
    episodes = given.steps // HORIZON
    block = 10 if episodes <= 100 else 10 * math.ceil(episodes / 100)
    starts = range(0, episodes, block)
    lines = ["| agent | of | seed | mean | " + " | ".join(f"{a + 1}-{min(a + block, episodes)}" for a in starts)
             + " | last 10 | seconds | of processor |", "|---|---|---|---|" + "---|" * len(starts) + "---|---|---|"]
    sources = []
    for row in rows:
        for side in SIDES:
            for seed in given.seeds:
                returns, seconds = returns_and_seconds(folder(given.out, row, side, seed))
                if not returns:
                    continue
                short = "" if len(returns) >= episodes else f" ({len(returns)} episodes)"
                returns = returns[:episodes]
                blocks = [f"{mean(returns[a:a + block]):.0f}" if returns[a:a + block] else "" for a in starts]
                path = folder(given.out, row, side, seed)
                lines.append(f"| `{row}`{short} | {side} | {seed} | {mean(returns):.0f} | " + " | ".join(blocks)
                             + f" | {mean(returns[-10:]):.0f} | {seconds:.0f} | {processor_seconds(path):.0f} |")
        if PUBLISHED[row]:
            sources.append(f"- `{row}`: {PUBLISHED[row]}")
    if sources:
        lines += ["", f"Published, of the same task after 1,000,000 steps (here {given.steps:,}):", ""] + sources
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="rows and sides by these words")
    parser.add_argument("--steps", type=int, default=50000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--jobs", type=int, default=1, help="runs beside each other")
    parser.add_argument("--out", default="build/release/peers/runs")
    parser.add_argument("--program", default="build/release/equipoise")
    parser.add_argument("--config", help="a configuration file of HalfCheetah instead of its own")
    parser.add_argument("--environment", help="for run.sh: the folder of the Python packages")
    parser.add_argument("--table", action="store_true", help="print the table of what is there, and run nothing")
    parser.add_argument("--check", action="store_true", help="for run.sh: no run and no table")
    given = parser.parse_args()
    if given.steps < 20 * HORIZON:
        parser.error(f"--steps: at least {20 * HORIZON}, half of which are random for SAC and TD3")
    words = {word.strip(",") for word in given.only}
    rows = [row for row in ROWS if not words & set(" ".join(ROWS).replace(",", "").split())
            or words & set(row.replace(",", "").split())]
    sides = [side for side in SIDES if not words & set(SIDES) or side in words]
    known = set(" ".join(ROWS).replace(",", "").split()) | set(SIDES)
    if words - known:
        parser.error(f"--only: no {' '.join(sorted(words - known))}; there are {' '.join(sorted(known))}")
    if given.check:
        return
    os.makedirs(given.out, exist_ok=True)
    if not given.table:
        with ThreadPoolExecutor(given.jobs) as pool:
            jobs = [pool.submit(run, given, row, side, seed) for row in rows for side in sides for seed in given.seeds]
            for job in jobs:
                job.result()
    print(table(given, rows))


if __name__ == "__main__":
    main()
