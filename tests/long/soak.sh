#!/bin/sh
# A long run with tiny networks: does memory grow, does the disk, does an episode take longer, does it stop in time? Takes the
# built program (tests/run.sh builds it) and Xvfb.
#
#   tests/long/soak.sh                       a million environment steps of cart-pole
#   STEPS=100000 tests/long/soak.sh
#   WINDOW=1 tests/long/soak.sh              while the window draws it
#
# A run keeps all its experience, as its learners draw from all of it: that part grows by what replay.bin does, and the
# table says so beside the rest. Exit code 1: something else grew by more than 2 kB an episode, an episode came to take twice
# as long, or the run took more than 2 s to stop. With the window memory is only told: GL in software keeps more with
# every picture that it draws, of whatever.
set -eu
cd "$(dirname "$0")/../.."
program=${PROGRAM:-$PWD/build/release/equipoise}
[ -x "$program" ] || { echo "equipoise: $program is not there: tests/run.sh builds it" >&2; exit 1; }
steps=${STEPS:-1000000}
horizon=40
episodes=$((steps / horizon))
work=$(mktemp -d)
xvfb= run_process=
trap 'kill $run_process $xvfb 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" >/dev/null 2>&1 &
xvfb=$!
until [ -s "$work/display" ]; do sleep 0.1; done
export XDG_CONFIG_HOME="$work/config" LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=":$(cat "$work/display")"
run=$work/run
if [ -n "${WINDOW:-}" ]; then how=gui; else how=train; unset DISPLAY; fi
"$program" $how --task cartpole --set env.horizon=$horizon --set run.random_episodes=2 --set model.steps=1 --set model.hidden=8 \
  --set model.batch=2 --set mb.steps=1 --set mb.hidden=8 --set mb.trajectories=2 --set sac.hidden=8 --set sac.batch=8 \
  --set sac.updates_per_step=0.05 --set eps.masks=4 --set eps.rollouts=2 --set log.holdout_masks=4 --set log.moments=5 \
  --set run.threads=1 --episodes $((10 * episodes)) --out "$run" >"$work/out.txt" 2>&1 &
run_process=$!

count() { if [ -e "$run/episodes.jsonl" ]; then wc -l <"$run/episodes.jsonl"; else echo 0; fi; }
echo "| episodes | memory [MB] | replay.bin [MB] | folder without logs and replay.bin [MB] | ms an episode |"
echo "|---|---|---|---|---|"
began=$(date +%s%N) before=0
first_memory= first_replay= first_count= first_pace= pace=
for part in 1 2 3 4 5 6 7 8 9 10; do
  until [ "$(count)" -ge $((episodes * part / 10)) ]; do
    kill -0 $run_process 2>/dev/null || { cat "$work/out.txt" >&2; echo "equipoise: the run ended" >&2; exit 1; }
    sleep 0.5
  done
  now=$(date +%s%N) have=$(count)
  memory=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$run_process/status)
  replay=$(($(stat -c %s "$run/checkpoints/replay.bin") / 1024))
  rest=$(du -sk --apparent-size --exclude=episodes.jsonl --exclude=progress.csv --exclude='events*' --exclude=episodes.index \
    --exclude=replay.bin "$run" 2>/dev/null | cut -f 1)
  pace=$(((now - began) / 1000 / (have - before)))
  echo "| $have | $((memory / 1024)) | $((replay / 1024)) | $((rest / 1024)) | $(awk "BEGIN {printf \"%.2f\", $pace / 1000}") |"
  began=$now before=$have
  # The first tenth is warm-up.
  if [ $part = 1 ]; then first_memory=$memory first_replay=$replay first_count=$have; fi
  if [ $part = 2 ]; then first_pace=$pace; fi
done
asked=$(date +%s%N)
kill -TERM $run_process
code=0
wait $run_process || code=$?
stopped=$((($(date +%s%N) - asked) / 1000000))
run_process=
experience=$((1024 * (replay - first_replay) / (have - first_count)))
growth=$((1024 * (memory - first_memory) / (have - first_count)))
echo "after the first tenth memory grew by $growth bytes an episode, replay.bin by $experience; stopped in $stopped ms, exit code $code"
[ $how = gui ] || [ $((growth - experience)) -le 2048 ] || exit 1
[ "$pace" -le $((2 * first_pace)) ] && [ "$stopped" -le 2000 ] && [ "$code" = 75 ]
