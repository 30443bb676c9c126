#!/usr/bin/env python3
"""Do other programs open what ours writes, and find the same in it? Trains a few small runs, exports them, and reads with
PyTorch (policies), h5py in D4RL's flat layout and Minari (recorded episodes), TensorBoard and pandas (curves) and rliable
(scores of a report). Exit code 1 if not.

    tests/peers/run.sh --elsewhere
    tests/peers/elsewhere.py build/release/equipoise      with the packages of tests/peers/requirements.txt
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import h5py
import minari
import numpy
import pandas
import rliable.library
import rliable.metrics
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

SMALL = ["env.horizon=40", "run.random_episodes=2", "log.states=2"]
AGENTS = {  # what makes an episode take a few hundredths of a second
    "unified": ["model.steps=4", "model.hidden=8", "mb.steps=2", "mb.hidden=8", "sac.hidden=8", "eps.masks=4", "eps.rollouts=2"],
    "sac": [], "td3": [], "ppo": [], "alm": ["alm.updates_per_step=0.2"]}


def equipoise(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"equipoise {' '.join(map(str, words))}: {done.stderr}"
    return done.stdout


def train(folder, agent, seed=0, episodes=6):
    settings = [word for setting in SMALL + AGENTS[agent] for word in ("--set", setting)]
    equipoise("train", "--task", "cartpole", "--agent", agent, "--seed", seed, "--episodes", episodes, *settings, "--out", folder)
    with open(folder / "episodes.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def check_policy(folder, agent):
    path = folder / "policy.pt"
    equipoise("export", folder, "--policy", path)
    policy = torch.jit.load(str(path))
    assert policy.check() < 1e-6, f"{agent}: {policy.check()} away from ours"
    batch = policy.example_observation
    assert torch.allclose(policy(batch)[3], policy.mean(batch[3].double()), atol=1e-6), "a batch is not its rows"
    assert policy.sample(batch).abs().max() <= 1
    assert len(policy.observation_names) == policy.observation_size == batch.shape[1]
    assert torch.equal(policy.to_actuators(torch.ones(1)), torch.ones(1))
    print(f"torch {torch.__version__} opens the policy of {agent} ({policy.learner}): {policy.check():.1e} from ours")


def check_dataset(folder, episodes):
    flat, each = folder / "all.hdf5", folder / "minari"
    equipoise("export", folder, "--dataset", flat)
    equipoise("export", folder, "--dataset", each)
    with h5py.File(flat, "r") as file:  # what d4rl.offline_env.OfflineEnv.get_dataset asks of a file
        data = {name: file[name][:] for name in
                ("observations", "next_observations", "actions", "rewards", "terminals", "timeouts", "infos/actor")}
        actors = list(file.attrs["actors"])
    steps = data["observations"].shape[0]
    assert data["actions"].shape[0] == steps and data["rewards"].shape == data["terminals"].shape == (steps,)
    assert data["terminals"].dtype == data["timeouts"].dtype == bool
    ends = numpy.flatnonzero(data["timeouts"])
    assert len(ends) == len(episodes) and not data["terminals"].any()
    begin = 0
    for end, episode in zip(ends, episodes):
        total = data["rewards"][begin:end + 1].sum(dtype=float)
        assert abs(total - episode["episode_return"]) < 1e-3, (total, episode["episode_return"])
        assert actors[data["infos/actor"][begin]] == episode["pick"]
        begin = end + 1
    dataset = minari.MinariDataset(str(each))
    assert dataset.total_episodes == len(episodes) and dataset.total_steps == steps
    rows = numpy.concatenate([e.observations[:-1] for e in dataset.iterate_episodes()])
    acted = numpy.concatenate([e.actions for e in dataset.iterate_episodes()])
    assert numpy.array_equal(rows, data["observations"]) and numpy.array_equal(acted, data["actions"])
    assert all(dataset.action_space.contains(a) for a in acted)
    assert all(e.truncations[-1] and not e.terminations.any() for e in dataset.iterate_episodes())
    print(f"h5py {h5py.__version__} and minari {minari.__version__} open {len(episodes)} episodes, {steps} steps, the same")


def check_curves(folder, episodes):
    table = pandas.read_csv(folder / "progress.csv")
    returns = [episode["episode_return"] for episode in episodes]
    assert numpy.allclose(table["episode_return"], returns, rtol=1e-12)
    events = EventAccumulator(str(folder))
    events.Reload()
    scalars = events.Tags()["scalars"]
    tag = next(name for name in scalars if name.split("/")[-1] in ("return", "episode_return"))
    assert numpy.allclose([point.value for point in events.Scalars(tag)], returns, rtol=1e-6)
    print(f"pandas {pandas.__version__} and TensorBoard open {len(table)} rows and {len(scalars)} curves, the same returns")


def check_scores(runs, where):
    equipoise("report", *runs, "--out", where)
    scores = pandas.read_csv(where / "runs.csv")
    matrix = {agent: rows.pivot_table(index="seed", columns="task", values="all").to_numpy()
              for agent, rows in scores.groupby("agent")}
    points, _ = rliable.library.get_interval_estimates(
        matrix, lambda x: numpy.array([rliable.metrics.aggregate_iqm(x)]), reps=50)
    assert all(numpy.isfinite(point).all() for point in points.values()) and len(points) == 2
    print("rliable takes the scores of a report:", {agent: round(float(point[0]), 3) for agent, point in points.items()})


def main():
    with tempfile.TemporaryDirectory() as folder:
        runs = pathlib.Path(folder)
        for agent in AGENTS:
            episodes = train(runs / agent, agent)
            check_policy(runs / agent, agent)
            if agent in ("unified", "ppo"):
                check_dataset(runs / agent, episodes)
                check_curves(runs / agent, episodes)
        for agent in ("sac", "td3"):
            for seed in (1, 2):
                train(runs / f"{agent}-{seed}", agent, seed)
        check_scores([runs / f"{agent}-{seed}" for agent in ("sac", "td3") for seed in (1, 2)], runs / "report")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    main()
