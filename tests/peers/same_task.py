#!/usr/bin/env python3
"""Does a step of Gymnasium's HalfCheetah give what a step of ours gives? Random actions in theirs, each step made again by
`equipoise env-replay`: once from the state that theirs was in, once each from where ours ended. Exit code 1 if not.

    tests/peers/same_task.py build/release/equipoise

MuJoCo's two versions differ, so a whole sequence may come apart at a contact; only single steps decide. Given an action
as float32, as agents do, theirs reckons the cost of control in float32, which is 5e-8 away; here it is given as float64.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

import gymnasium
import mujoco
import numpy

TOLERANCE = 1e-9
TRAINED = "HalfCheetah-v4"  # what sb3.py learns
SEQUENCES, STEPS = 4, 250
warnings.filterwarnings("ignore", category=DeprecationWarning)


def recorded(name):
    """Lines for env-replay, and for each what theirs made of it (None for a start)."""
    task = gymnasium.make(name)
    random = numpy.random.default_rng(1)
    lines, made = [], []
    for sequence in range(SEQUENCES):
        observation, _ = task.reset(seed=sequence)
        data = task.unwrapped.data
        lines.append({"type": "start", "traj": str(sequence), "set_qpos": data.qpos.tolist(), "set_qvel": data.qvel.tolist()})
        made.append({"obs": observation})
        for step in range(STEPS):
            action = random.uniform(-1, 1, 6).astype(numpy.float32).astype(float)  # ours are float32
            lines.append({"type": "step", "traj": str(sequence), "step": step, "qpos": data.qpos.tolist(),
                          "qvel": data.qvel.tolist(), "qacc_warmstart": data.qacc_warmstart.tolist(),
                          "action": action.tolist()})
            observation, reward, ended, _, _ = task.step(action)
            assert not ended
            made.append({"obs": observation, "reward": reward, "next_qpos": data.qpos.copy(), "next_qvel": data.qvel.copy()})
    return lines, made


def replayed(program, lines, folder, *options):
    theirs, ours = os.path.join(folder, "theirs.jsonl"), os.path.join(folder, "ours.jsonl")
    with open(theirs, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    subprocess.run([program, "env-replay", "--task", "halfcheetah", "--in", theirs, "--out", ours, "--overwrite", *options],
                   check=True, stdout=subprocess.DEVNULL)
    with open(ours, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def worst(ours, made):
    """Largest difference of each number, and the first step of a sequence at which one passes the tolerance."""
    apart, first = {}, None
    for one, other in zip(ours, made):
        for key, value in other.items():
            difference = float(numpy.max(numpy.abs(numpy.asarray(one[key]) - value)))
            apart[key] = max(apart.get(key, 0.0), difference)
            if not difference <= TOLERANCE and (first is None or one.get("step", 0) < first):
                first = one.get("step", 0)
    return apart, first


def main():
    program = sys.argv[1]
    libraries = subprocess.run(["ldd", program], check=False, capture_output=True, text=True).stdout
    found = re.search(r"libmujoco\.so\.([0-9.]*[0-9])", libraries)
    print(f"Gymnasium {gymnasium.__version__} on MuJoCo {mujoco.__version__}; ours on MuJoCo "
          + (found.group(1) if found else "of a version that is not known"))
    same = True
    for name in (TRAINED, "HalfCheetah-v5"):
        try:
            lines, made = recorded(name)
        except (gymnasium.error.Error, ImportError, OSError) as error:
            print(f"{name}: not checked: {error}")
            same = same and name != TRAINED
            continue
        with tempfile.TemporaryDirectory() as folder:
            ours = replayed(program, lines, folder)
            assert len(ours) == len(made), "env-replay left lines out"
            apart, first = worst(ours, made)
            _, parted = worst(replayed(program, lines, folder, "--rollout"), made)
        good = first is None
        same = same and good
        print(f"{name}: {SEQUENCES} x {STEPS} random steps; largest difference of a step "
              + ", ".join(f"{key} {value:.1e}" for key, value in apart.items())
              + f" (tolerance {TOLERANCE:g}: {'met' if good else 'MISSED'}); whole sequences "
              + ("too" if parted is None else f"come apart from step {parted} on"))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
