#!/usr/bin/env python3
"""Does a step of Gymnasium's tasks, and of dm_control's, give what a step of ours gives? Random actions in theirs, each step
made again by `equipoise env-replay`: once from the state that theirs was in, once each from where ours ended. Exit code 1
if not.

    tests/peers/same_task.py build/release/equipoise             HalfCheetah, as sb3.py learns it and in its newest version
    tests/peers/same_task.py build/platforms/equipoise --newest  the five that they have, in their newest versions

Where MuJoCo's versions differ a whole sequence may come apart at a contact; only single steps decide. Given an action as
float32, as agents do, theirs reckons the cost of control in float32, which is 5e-8 away; here it is given as float64.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

import mujoco
import numpy

TOLERANCE = 1e-9
TRAINED = "HalfCheetah-v4"  # what sb3.py learns
SEQUENCES, STEPS = 4, 250
warnings.filterwarnings("ignore", category=DeprecationWarning)


class OfGymnasium:
    """One of Gymnasium's tasks, made to be ours where its newest version is another one."""

    def __init__(self, task, name, **options):
        import gymnasium

        self.task, self.name = task, name
        self.environment = gymnasium.make(name, max_episode_steps=STEPS, **options)
        self.model, self.data = self.environment.unwrapped.model, self.environment.unwrapped.data
        self.actions = self.environment.action_space.shape[0]
        if name == "Walker2d-v5":  # our feet are those of every earlier version
            self.model.geom_friction[self.model.geom("foot_geom").id, 0] = 0.9

    def reset(self, seed):
        observation = self.environment.reset(seed=seed)[0]
        if self.task == "ant":  # ours shows the drawn orientation as a rotation; so did MuJoCo before 3.0
            observation[1:5] /= numpy.linalg.norm(observation[1:5])
        return observation

    def step(self, action):
        observation, reward, ended, _, _ = self.environment.step(action)
        assert not ended
        return observation, reward


class OfDmControl:
    """One of dm_control's."""

    def __init__(self, task, domain, name):
        from dm_control import suite
        from dm_control.mujoco.wrapper.mjbindings import sizes

        # Its list of arrays lags behind MuJoCo, and it stops at one that is no more.
        for kind, arrays in sizes.array_sizes.items():
            there = {"mjmodel": mujoco.MjModel, "mjdata": mujoco.MjData}.get(kind)
            for gone in [array for array in arrays if there and not hasattr(there, array)]:
                del arrays[gone]
        self.task, self.name = task, f"{domain} {name}"
        self.make = lambda seed: suite.load(domain, name, task_kwargs={"random": seed})
        self.reset(0)
        self.actions = self.environment.action_spec().shape[0]

    def reset(self, seed):
        self.environment = self.make(seed)
        self.data = self.environment.physics.data
        return self._observed(self.environment.reset())

    def step(self, action):
        step = self.environment.step(action)
        return self._observed(step), step.reward

    @staticmethod
    def _observed(step):
        return numpy.concatenate([numpy.ravel(part) for part in step.observation.values()])


def trained():
    return [lambda: OfGymnasium("halfcheetah", TRAINED), lambda: OfGymnasium("halfcheetah", "HalfCheetah-v5")]


def newest():
    alive = {"terminate_when_unhealthy": False}
    return [
        lambda: OfGymnasium("halfcheetah", "HalfCheetah-v5"),
        lambda: OfGymnasium("hopper", "Hopper-v5", **alive),
        lambda: OfGymnasium("walker2d", "Walker2d-v5", **alive),
        lambda: OfGymnasium("ant", "Ant-v5", include_cfrc_ext_in_observation=False, contact_cost_weight=0.0, **alive),
        lambda: OfDmControl("cartpole", "cartpole", "swingup"),
    ]


def recorded(theirs):
    """Lines for env-replay, and for each what theirs made of it."""
    random = numpy.random.default_rng(1)
    lines, made = [], []
    for sequence in range(SEQUENCES):
        observation = theirs.reset(sequence)
        data = theirs.data
        lines.append({"type": "start", "traj": str(sequence), "set_qpos": data.qpos.tolist(), "set_qvel": data.qvel.tolist()})
        made.append({"obs": observation})
        for step in range(STEPS):
            action = random.uniform(-1, 1, theirs.actions).astype(numpy.float32).astype(float)  # ours are float32
            line = {"type": "step", "traj": str(sequence), "step": step, "qpos": data.qpos.tolist(),
                    "qvel": data.qvel.tolist(), "qacc_warmstart": data.qacc_warmstart.tolist(), "action": action.tolist()}
            if theirs.task == "ant":  # its forward reward starts from where the torso was after the last step's kinematics
                line["terms"] = {"x_before": float(data.body("torso").xpos[0])}
            lines.append(line)
            observation, reward = theirs.step(action)
            made.append({"obs": observation, "reward": reward, "next_qpos": data.qpos.copy(), "next_qvel": data.qvel.copy()})
    return lines, made


def replayed(program, task, lines, folder, *options):
    theirs, ours = os.path.join(folder, "theirs.jsonl"), os.path.join(folder, "ours.jsonl")
    with open(theirs, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    subprocess.run([program, "env-replay", "--task", task, "--in", theirs, "--out", ours, "--overwrite", *options],
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--newest", action="store_true", help="the five that they have, in their newest versions")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    os.chdir(tempfile.gettempdir())  # MuJoCo writes its warnings into a file where it stands
    libraries = subprocess.run(["ldd", options.program], check=False, capture_output=True, text=True).stdout
    found = re.search(r"libmujoco\.so\.([0-9.]*[0-9])", libraries)
    print(f"theirs on MuJoCo {mujoco.__version__}; ours on MuJoCo " + (found.group(1) if found else "of a version that is not known"))
    same = True
    for index, make in enumerate(newest() if options.newest else trained()):
        try:
            theirs = make()
            lines, made = recorded(theirs)
        except Exception as error:  # whatever a package of another version does not have
            print(f"not checked: {error}")
            same = same and not options.newest and index > 0
            continue
        with tempfile.TemporaryDirectory() as folder:
            ours = replayed(options.program, theirs.task, lines, folder)
            assert len(ours) == len(made), "env-replay left lines out"
            apart, first = worst(ours, made)
            _, parted = worst(replayed(options.program, theirs.task, lines, folder, "--rollout"), made)
        good = first is None
        same = same and good
        print(f"{theirs.name}: {SEQUENCES} x {STEPS} random steps; largest difference of a step "
              + ", ".join(f"{key} {value:.1e}" for key, value in apart.items())
              + f" (tolerance {TOLERANCE:g}: {'met' if good else 'MISSED'}); whole sequences "
              + ("too" if parted is None else f"come apart from step {parted} on"))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
