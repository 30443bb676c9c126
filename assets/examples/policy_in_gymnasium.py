"""A policy of `equipoise export RUN --policy policy.pt` acts in Gymnasium: pip install "gymnasium[mujoco]" torch"""
import sys
import gymnasium
import torch

policy = torch.jit.load(sys.argv[1])
env = gymnasium.make(sys.argv[2], max_episode_steps=policy.horizon)
print(f"{policy.learner} of episode {policy.episode} on {policy.task}: as exact as {policy.check():.1e}")
for seed in range(10):
    observation, _ = env.reset(seed=seed)
    total, done = 0.0, False
    while not done:
        action = policy(torch.as_tensor(observation, dtype=torch.float32))  # policy.sample(...) explores
        observation, reward, ended, cut, _ = env.step(action.numpy())
        total, done = total + reward, ended or cut
    print(f"seed {seed}: return {total:.1f}")
