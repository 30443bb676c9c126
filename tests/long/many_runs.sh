#!/bin/sh
# How long `equipoise report` takes for 1,000 runs of 1,000 episodes: two tasks, five agents, 100 seeds, made of the lines of
# real runs (tests/long/make_long_run.cc). The runs of a task and an agent share the bytes of their logs on the disk. Takes the
# built program and tests (tests/run.sh builds them) and GNU time.
#
#   tests/long/many_runs.sh                     seconds by the clock, seconds of processor, megabytes
#   SEEDS=10 EPISODES=200 tests/long/many_runs.sh
set -eu
cd "$(dirname "$0")/../.."
build=$PWD/build/release
[ -x "$build/equipoise" ] || { echo "equipoise: $build/equipoise is not there: tests/run.sh builds it" >&2; exit 1; }
seeds=${SEEDS:-100} episodes=${EPISODES:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
for task in cartpole hopper; do
  for agent in unified sac mbrl td3 ddpg; do
    name=$task-$agent
    "$build/equipoise" train --task $task --agent $agent --preset cpu --set run.threads=1 --episodes 4 \
      --out "$work/real/$name" >"$work/train.txt" 2>&1 || { cat "$work/train.txt" >&2; exit 1; }
    "$build/tests/make_long_run" "$work/real/$name" "$episodes" "$work/long/$name"
    for seed in $(seq "$seeds"); do
      run=$work/runs/$name-$seed
      mkdir -p "$run"
      ln "$work/long/$name"/episodes.* "$run"
      sed "s/\"seed\": *[0-9]*/\"seed\": $seed/g" "$work/long/$name/run.json" >"$run/run.json"
    done
  done
done
echo "$(find "$work/runs" -name run.json | wc -l) runs of $episodes episodes, $(du -lsm "$work/runs" | cut -f1) MB of logs as each has them"
for time in first again; do
  /usr/bin/time -f "$time: %e s, %U + %S s of processor, %M kB" "$build/equipoise" report "$work/runs" --out "$work/report" \
    --overwrite >"$work/out.txt" 2>"$work/err.txt" || { cat "$work/err.txt" >&2; exit 1; }
  cat "$work/err.txt"
done
grep ' counted' "$work/out.txt"
