#!/usr/bin/env python3
"""Numbers of the rliable package (Agarwal et al. 2021) that engine/report/aggregates.h must come to: statistics of made-up
scores, and intervals over resamples, whose draws are written down too, so that equal means equal to the last digits.

    python3 -m venv e && e/bin/pip install rliable==1.2.0 "pandas<3"
    e/bin/python tests/peers/rliable_numbers.py            are the numbers in tests/fixtures/report still those of rliable?
    e/bin/python tests/peers/rliable_numbers.py --write    write them

Not part of the tests, which read the file.
"""
import json
import pathlib
import sys

import numpy as np
from rliable import library, metrics

FILE = pathlib.Path(__file__).parents[1] / "fixtures" / "report" / "rliable.json"
RESAMPLES = 200
choose = np.random.choice
drawn = []


def noted_choice(items, shape, replace=True):
    """As np.random.choice; what it drew is kept, a digit each: runs of the first task, of the second, ..."""
    indices = choose(items, shape, replace=replace)
    drawn.append("".join(str(i) for i in indices.T.reshape(-1)))
    return indices


def interval(scores, statistic):
    np.random.seed(7)
    drawn.clear()
    points, bounds = library.get_interval_estimates(
        {"a": scores}, lambda *a: np.array([statistic(*a)]), reps=RESAMPLES)
    return [float(points["a"][0]), float(bounds["a"][0][0]), float(bounds["a"][1][0])]


def numbers():
    np.random.choice = noted_choice
    random = np.random.RandomState(3)
    x = np.round(random.normal([0.9, 0.6, 0.2], 0.2, (5, 3)), 3)  # rows: runs, columns: tasks
    y = np.round(random.normal([0.7, 0.6, 0.4], 0.3, (7, 3)), 3)
    x[0, 1] = y[2, 1]  # a tie
    tau = [round(0.05 * i, 2) for i in range(-4, 31)]
    out = {"package": "rliable 1.2.0", "x": x.T.tolist(), "y": y.T.tolist(), "tau": tau, "resamples": RESAMPLES}
    for name, statistic in [("iqm", metrics.aggregate_iqm), ("mean", metrics.aggregate_mean),
                            ("median", metrics.aggregate_median), ("gap", metrics.aggregate_optimality_gap)]:
        out[name + "_x"] = interval(x, statistic)
        out["draws_x"] = list(drawn)
        out[name + "_y"] = interval(y, statistic)
        out["draws_y"] = list(drawn)
    # Both arrays in turn, for each resample.
    out["improvement"] = interval([x, y], metrics.probability_of_improvement)
    out["draws_both"] = list(drawn)
    np.random.seed(7)
    profiles, bounds = library.create_performance_profile({"a": x}, np.array(tau), reps=RESAMPLES)
    out["profile"] = [[float(p), float(lo), float(hi)] for p, lo, hi in zip(profiles["a"], *bounds["a"])]
    return out


def main():
    text = json.dumps(numbers(), indent=1) + "\n"
    if "--write" in sys.argv[1:]:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(text)
        return 0
    same = FILE.read_text() == text
    print("the same numbers" if same else f"not the numbers in {FILE}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
