"""What the peers share: HalfCheetah's sizes, one thread, and one way of timing."""
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"

import torch  # noqa: E402  (after the number of threads)

torch.set_num_threads(1)
# As in our own phases: gradients that fade through time end as denormal numbers, which many processors multiply slowly.
torch.set_flush_denormal(True)

STATES, ACTIONS = 17, 6


def report(step, units):
    """Runs `units` steps once to warm up and once for the clock; prints seconds of one."""
    for _ in range(units):
        step()
    start = time.perf_counter()
    for _ in range(units):
        step()
    print(f"{(time.perf_counter() - start) / units:.9f}")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} thread", file=sys.stderr)
