#!/usr/bin/env python3
"""Trains one algorithm of Stable-Baselines3 on HalfCheetah and writes what each episode returned, as progress.csv has it.

    tests/peers/sb3.py ppo --out runs/ppo-sb3-0 --steps 50000 --seed 0

Stable-Baselines3's defaults, but for what its zoo (rl-baselines3-zoo, hyperparams/*.yml, HalfCheetah) sets otherwise:
    sac         learning_starts 10000
    td3         learning_starts 10000, normal action noise of 0.1. And two hidden layers of 256 units, not 400 and 300:
                ours have one width
    ppo         observations and rewards normalised (VecNormalize), nothing else of the zoo's
    ppo, tuned  all that the zoo has
Going on: from the last tenth episode, with a new episode; nothing of an unfinished one counts.
"""
import argparse
import csv
import json
import os
import time

import gymnasium
import numpy
import torch
from stable_baselines3 import PPO, SAC, TD3
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.noise import NormalActionNoise
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

TASK = "HalfCheetah-v4"
FIELDS = ("episode", "episode_return", "environment_steps", "clock.wall_seconds")
KEPT_EVERY = 10  # episodes


class Returns(gymnasium.Wrapper):
    """Raw returns of whole episodes, whatever is normalised further out."""

    def __init__(self, env):
        super().__init__(env)
        self.over, self.sum = [], 0.0

    def reset(self, **given):
        self.sum = 0.0
        return self.env.reset(**given)

    def step(self, action):
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.sum += float(reward)
        if terminated or truncated:
            self.over.append(self.sum)
        return observation, reward, terminated, truncated, info


def make_model(algorithm, env, steps, seed):
    same = {"seed": seed, "device": "cpu", "verbose": 0}
    if algorithm == "sac":  # a buffer that never fills is one of a million
        return SAC("MlpPolicy", env, learning_starts=10000, buffer_size=steps, **same)
    if algorithm == "td3":
        noise = NormalActionNoise(numpy.zeros(6), 0.1 * numpy.ones(6))
        return TD3("MlpPolicy", env, learning_starts=10000, buffer_size=steps, action_noise=noise,
                   policy_kwargs={"net_arch": [256, 256]}, **same)
    if algorithm == "ppo":
        return PPO("MlpPolicy", env, **same)
    net = {"log_std_init": -2, "ortho_init": False, "activation_fn": torch.nn.ReLU,
           "net_arch": {"pi": [256, 256], "vf": [256, 256]}}
    return PPO("MlpPolicy", env, n_steps=512, batch_size=64, gamma=0.98, learning_rate=2.0633e-05, ent_coef=0.000401762,
               clip_range=0.1, n_epochs=20, gae_lambda=0.92, max_grad_norm=0.8, vf_coef=0.58096, policy_kwargs=net, **same)


class Keeper(BaseCallback):
    """One line an episode; every tenth, or before the rollout after it, all that going on takes."""

    def __init__(self, out, returns, rows, seconds):
        super().__init__()
        self.out, self.returns, self.rows, self.seconds = out, returns, rows, seconds
        self.began, self.kept = time.time(), len(rows)

    def keep(self):
        if len(self.rows) < self.kept + KEPT_EVERY:
            return
        self.kept = len(self.rows)
        self.model.save(os.path.join(self.out, "model.zip"))
        if hasattr(self.model, "replay_buffer"):
            self.model.save_replay_buffer(os.path.join(self.out, "replay.pkl"))
        if isinstance(self.training_env, VecNormalize):
            self.training_env.save(os.path.join(self.out, "normaliser.pkl"))
        name = os.path.join(self.out, "kept.json")
        with open(name + ".new", "w", encoding="utf-8") as file:
            json.dump({"rows": self.rows, "seconds": self.seconds + time.time() - self.began}, file)
        os.replace(name + ".new", name)

    def _on_rollout_start(self):
        self.keep()

    def _on_step(self):
        while len(self.returns.over) > 0:
            self.rows.append([len(self.rows) + 1, self.returns.over.pop(0), self.num_timesteps,
                              self.seconds + time.time() - self.began])
            write(self.out, self.rows)
        return True


def write(out, rows):
    name = os.path.join(out, "progress.csv")
    with open(name + ".new", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        writer.writerows(rows)
    os.replace(name + ".new", name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("algorithm", choices=("sac", "td3", "ppo", "ppo, tuned"))
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    os.makedirs(given.out, exist_ok=True)

    returns = Returns(gymnasium.make(TASK))
    env = DummyVecEnv([lambda: returns])
    on_policy, rows, seconds = given.algorithm.startswith("ppo"), [], 0.0
    name = os.path.join(given.out, "kept.json")
    goes_on = os.path.exists(name)
    if goes_on:
        with open(name, encoding="utf-8") as file:
            kept = json.load(file)
        rows, seconds = kept["rows"], kept["seconds"]
    if on_policy:
        env = VecNormalize.load(os.path.join(given.out, "normaliser.pkl"), env) if goes_on else VecNormalize(env)
    if goes_on:
        kind = {"sac": SAC, "td3": TD3}.get(given.algorithm, PPO)
        model = kind.load(os.path.join(given.out, "model.zip"), env=env, device="cpu", print_system_info=False)
        if not on_policy:
            if model.buffer_size < given.steps:
                parser.error(f"--steps: {given.out} was begun with {model.buffer_size}, and its buffer holds no more")
            model.load_replay_buffer(os.path.join(given.out, "replay.pkl"))
    else:
        model = make_model(given.algorithm, env, given.steps, given.seed)
    left = given.steps - 1000 * len(rows)
    model.learn(left, callback=Keeper(given.out, returns, rows, seconds), reset_num_timesteps=not goes_on)


if __name__ == "__main__":
    main()
