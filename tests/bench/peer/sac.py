"""One SAC update in plain PyTorch, with our sizes and our rule: twin critics with layer normalisation, 3 x 256, batch 256,
no entropy in the target, an entropy bonus that is tuned, one actor and one critic step an update, replay sampling
included. Prints seconds of one update."""
from shapes import ACTIONS, STATES, report

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, HIDDEN, LAYERS, ROWS = 256, 256, 3, 10000
GAMMA, TAU, RATE = 0.99, 0.005, 3e-4


def mlp(inputs, outputs, activation, norm):
    layers = []
    for _ in range(LAYERS):
        layers.append(nn.Linear(inputs, HIDDEN))
        if norm:
            layers.append(nn.LayerNorm(HIDDEN))
        layers.append(activation())
        inputs = HIDDEN
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = mlp(STATES, 2 * ACTIONS, nn.Tanh, False)

    def forward(self, state):
        mean, raw = self.net(state).chunk(2, -1)
        sd = F.softplus(raw) + 1e-3
        u = mean + sd * torch.randn_like(mean)
        log_prob = torch.distributions.Normal(mean, sd).log_prob(u) - 2 * (np.log(2) - u - F.softplus(-2 * u))
        return torch.tanh(u), log_prob.sum(-1)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = mlp(STATES + ACTIONS, 1, nn.ReLU, True)

    def forward(self, state, action):
        return self.net(torch.cat([state, action], -1)).squeeze(-1)


torch.manual_seed(1)
rng = np.random.default_rng(1)
replay = [rng.standard_normal((ROWS, w), dtype=np.float32) for w in (STATES, ACTIONS, 1, STATES)]
actor, q0, q1, t0, t1 = Actor(), Critic(), Critic(), Critic(), Critic()
t0.load_state_dict(q0.state_dict())
t1.load_state_dict(q1.state_dict())
critic_adam = torch.optim.Adam([*q0.parameters(), *q1.parameters()], lr=RATE)
actor_adam = torch.optim.Adam(actor.parameters(), lr=RATE)
log_alpha = torch.tensor(np.log(0.2), dtype=torch.float32, requires_grad=True)
alpha_adam = torch.optim.Adam([log_alpha], lr=RATE)


def update():
    rows = rng.integers(0, ROWS, BATCH)
    s, a, r, s_next = (torch.from_numpy(column[rows]) for column in replay)
    with torch.no_grad():
        a_next, _ = actor(s_next)
        y = r.squeeze(-1) + GAMMA * torch.min(t0(s_next, a_next), t1(s_next, a_next))
    loss = F.mse_loss(q0(s, a), y) + F.mse_loss(q1(s, a), y)
    critic_adam.zero_grad()
    loss.backward()
    critic_adam.step()
    for q in (q0, q1):  # the actor's gradient passes through them and stops at their weights
        q.requires_grad_(False)
    action, log_prob = actor(s)
    alpha = log_alpha.exp().item()
    loss = (alpha * log_prob - torch.min(q0(s, action), q1(s, action))).mean()
    actor_adam.zero_grad()
    loss.backward()
    actor_adam.step()
    for q in (q0, q1):
        q.requires_grad_(True)
    alpha_loss = log_alpha.exp() * (-log_prob.detach().mean() + ACTIONS)
    alpha_adam.zero_grad()
    alpha_loss.backward()
    alpha_adam.step()
    with torch.no_grad():
        for q, t in ((q0, t0), (q1, t1)):
            for p, slow in zip(q.parameters(), t.parameters()):
                slow.lerp_(p, TAU)


report(update, 20)
