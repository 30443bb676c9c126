#!/bin/sh
# Our SAC, TD3 and PPO beside those of Stable-Baselines3, on HalfCheetah at horizon 1000: is the task the same, and do both
# learn alike? Builds ours, makes a Python environment (PyTorch brings CUDA's libraries: 3 GB), trains what is not trained
# yet, prints one table. Not part of the tests: an hour of one core.
#
#   tests/peers/run.sh                     everything: 50,000 steps, seed 0, one run at a time
#   tests/peers/run.sh --check             only: does a step of theirs give what a step of ours gives?
#   tests/peers/run.sh --only ppo          a part, by a word of its rows' names (sac, td3, ppo; sb3, ours)
#   tests/peers/run.sh --table             of what is there; nothing is run
#   tests/peers/run.sh --elsewhere         only: do PyTorch, h5py, Minari, TensorBoard, pandas and rliable open what ours writes?
#   --steps N  --seeds 0 1  --jobs N       longer, more often, beside each other
#   --out FOLDER  --environment FOLDER     runs, and Python packages (build/release/peers/...)
#
# A run that is over is only read, another one is gone on with: to the same bytes if it is ours, from the last tenth
# episode if it is theirs. What is equal on both sides and what is not stands in tests/peers/peers.py.
set -eu
cd "$(dirname "$0")/../.."
. app/build.sh
environment=$build/peers/python
only_table=
elsewhere=
previous=
for argument in "$@"; do
  [ "$previous" != --environment ] || environment=$argument
  [ "$argument" != --elsewhere ] || elsewhere=1
  case $argument in --table | --help | -h) only_table=1 ;; esac
  previous=$argument
done
if [ -n "$only_table" ]; then
  exec python3 tests/peers/peers.py "$@"
fi
app/install_packages.sh build test peers
build_equipoise ON equipoise equipoise-torch
if ! cmp -s tests/peers/requirements.txt "$environment/requirements.txt"; then
  say "making a Python environment in $environment"
  python3 -m venv "$environment"
  mkdir -p "$build/peers"
  run_quietly "$build/peers/pip.log" "$environment/bin/pip" install -r tests/peers/requirements.txt
  cp tests/peers/requirements.txt "$environment/requirements.txt"
fi
if [ -n "$elsewhere" ]; then
  exec "$environment/bin/python" tests/peers/elsewhere.py "$build/equipoise"
fi
"$environment/bin/python" tests/peers/same_task.py "$build/equipoise"
exec "$environment/bin/python" tests/peers/peers.py "$@"
