#!/bin/sh
# What a long run takes to look at: seconds by the clock, seconds of processor (user and system) and the most memory,
# without its index (removed before each command) and with it. Takes the built program and tests (tests/run.sh builds them), Xvfb and GNU time.
#
#   tests/long/measure.sh                          100,000 episodes of cart-pole, made of a real run of 12
#   EPISODES=10000 tests/long/measure.sh
#   FOLDER=runs/mine tests/long/measure.sh         a folder that is there already
#   PROGRAM=/usr/bin/equipoise FOLDER=... tests/long/measure.sh      another program, to compare
set -eu
cd "$(dirname "$0")/../.."
build=$PWD/build/release
program=${PROGRAM:-$build/equipoise}
[ -x "$program" ] || { echo "equipoise: $program is not there: tests/run.sh builds it" >&2; exit 1; }
app/install_packages.sh bench
episodes=${EPISODES:-100000}
work=$(mktemp -d)
gui=
trap 'kill $gui 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
if [ -n "${FOLDER:-}" ]; then
  run=$FOLDER
else
  "$program" train --task cartpole --preset cpu --seed 1 --episodes 12 --out "$work/real" >"$work/train.txt" 2>&1 ||
    { cat "$work/train.txt" >&2; exit 1; }
  run=$work/long
  "$build/tests/make_long_run" "$work/real" "$episodes" "$run"
fi

# timed NAME COMMAND...: a row of the table.
timed() {
  name=$1
  shift
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out.txt" 2>"$work/err.txt" || { cat "$work/err.txt" >&2; exit 1; }
  read -r seconds user system kilobytes <"$work/time"
  echo "| $name | $seconds | $(awk "BEGIN {printf \"%.2f\", $user + $system}") | $((kilobytes / 1024)) |"
}

# opened NAME: from the start of the window until it shows the run's strip of episodes.
opened() {
  rm -f "$work/trace"
  EQUIPOISE_UI_TRACE="$work/trace" LIBGL_ALWAYS_SOFTWARE=1 XDG_CONFIG_HOME="$work" XDG_STATE_HOME="$work" \
    xvfb-run -a -s '-screen 0 1280x800x24 -nolisten tcp' sh -c 'echo $$ >"$1/pid"; date +%s%N >"$1/start"; exec "$2" gui --run "$3"' \
    sh "$work" "$program" "$run" >"$work/out.txt" 2>&1 &
  gui=$!
  until grep -q '^strip.last ' "$work/trace" 2>/dev/null; do
    kill -0 $gui 2>/dev/null || { cat "$work/out.txt" >&2; exit 1; }
    sleep 0.02
  done
  end=$(date +%s%N)
  start=$(cat "$work/start")
  pid=$(cat "$work/pid")
  most=$(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$pid/status" 2>/dev/null || echo '?')
  processor=$(awk -v hertz="$(getconf CLK_TCK)" '{sub(/.*\) /, ""); printf "%.2f", ($12 + $13) / hertz}' "/proc/$pid/stat" 2>/dev/null || echo '?')
  kill "$pid" 2>/dev/null || true
  wait $gui 2>/dev/null || true
  gui=
  echo "| $1 | $(awk "BEGIN {printf \"%.2f\", ($end - $start) / 1e9}") | $processor | $most |"
}

echo "| command | seconds | of processor | MB |"
echo "|---|---|---|---|"
for state in without with; do
  fresh() { [ "$state" = with ] || rm -f "$run/episodes.index"; }
  fresh; timed "compare, $state index" "$program" compare "$run"
  fresh; timed "compare --svg, $state index" "$program" compare "$run" --svg "$work/compare-$state.svg"
  fresh; timed "export --of curves --svg, $state index" "$program" export --run "$run" --of curves --svg "$work/curves-$state.svg"
  fresh; timed "export --of curves --csv, $state index" "$program" export --run "$run" --of curves --csv "$work/curves-$state.csv"
  fresh; timed "export --of curves --png, $state index" "$program" export --run "$run" --of curves --png "$work/curves-$state.png"
  fresh; opened "gui --run, $state index"
done
