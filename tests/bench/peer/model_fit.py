"""One gradient step of the dropout LSTM in plain PyTorch, with our sizes: 100 trajectories of 100 steps, 256 units, one
mask per trajectory. What does not depend on the hidden state is one product over all steps; only the cell is a loop.
Prints seconds of one step."""
from shapes import ACTIONS, STATES, report

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, HORIZON, HIDDEN, EPISODES, DROPOUT, ETA = 100, 100, 256, 100, 0.1, 3.0
OUTPUTS = STATES + 1


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(STATES + ACTIONS, HIDDEN)
        self.from_input = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.from_hidden = nn.Linear(HIDDEN, 4 * HIDDEN, bias=False)
        self.first = nn.Linear(HIDDEN, HIDDEN)
        self.second = nn.Linear(HIDDEN, HIDDEN)
        self.heads = nn.Linear(HIDDEN, 2 * OUTPUTS)

    def nll(self, x, y, masks):
        gates = self.from_input(F.relu(self.input(x)) * masks[0])
        h = c = torch.zeros(BATCH, HIDDEN)
        hidden = []
        for t in range(HORIZON):
            i, f, g, o = (gates[t] + self.from_hidden(h * masks[1])).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            hidden.append(h)
        u = F.relu(self.first(torch.stack(hidden) * masks[2]))
        v = F.relu(self.second(u * masks[3]))
        mean, raw = self.heads(v * masks[4]).chunk(2, -1)
        sd = (F.softplus(raw) + 1e-3).clamp(max=5.0)
        return -torch.distributions.Normal(mean, sd).log_prob(y)


torch.manual_seed(1)
rng = np.random.default_rng(1)
inputs = rng.standard_normal((EPISODES, HORIZON, STATES + ACTIONS), dtype=np.float32)
targets = rng.standard_normal((EPISODES, HORIZON, OUTPUTS), dtype=np.float32)
model = Model()
adam = torch.optim.Adam(model.parameters(), lr=1e-3)


def step():
    rows = rng.integers(0, EPISODES, BATCH)
    x = torch.from_numpy(inputs[rows]).transpose(0, 1).contiguous()
    y = torch.from_numpy(targets[rows]).transpose(0, 1).contiguous()
    masks = (torch.rand(5, BATCH, HIDDEN) >= DROPOUT).float() / (1 - DROPOUT)
    prior = sum(p.square().sum() for p in model.parameters()) * ETA / EPISODES
    loss = (model.nll(x, y, masks).sum((0, 2)).mean() + prior) / (HORIZON * OUTPUTS)
    adam.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    adam.step()


report(step, 3)
