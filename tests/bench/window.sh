#!/bin/sh
# How much the window slows learning: the same run without a window, with it open (1280 x 800, GL in software) and with it
# iconified, in turn; how long its frames take meanwhile, and how soon a command is answered. Takes the built program
# (app/run.sh or tests/run.sh builds it), Xvfb and xdotool.
#
#   tests/bench/window.sh                       cart-pole, 6 episodes, 3 rounds
#   EPISODES=10 ROUNDS=5 TASK=halfcheetah tests/bench/window.sh
set -eu
cd "$(dirname "$0")/../.."
program=$PWD/build/release/equipoise
[ -x "$program" ] || { echo "equipoise: $program is not there: tests/run.sh builds it" >&2; exit 1; }
app/install_packages.sh bench
episodes=${EPISODES:-6}
rounds=${ROUNDS:-3}
task=${TASK:-cartpole}
folder=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$folder/display" >"$folder/xvfb.txt" 2>&1 &
xvfb=$!
gui=
trap 'kill $xvfb $gui 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
for _ in $(seq 100); do
  [ ! -s "$folder/display" ] || break
  sleep 0.1
done
DISPLAY=:$(cat "$folder/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1 XDG_CONFIG_HOME="$folder" XDG_STATE_HOME="$folder"
unset WAYLAND_DISPLAY

lines() { wc -l <"$1" 2>/dev/null || echo 0; }

# click TRACE: on another speed of the scene. That slows the run, which is why it is one of its own.
segment=3
click() {
  box=$(grep "^run.speed.$segment " "$1" 2>/dev/null | tail -n 1)
  [ -n "$box" ] || return 0
  set -- $box
  xdotool mousemove $(($2 + $4 / 2)) $(($3 + $5 / 2)) click 1
  segment=$((7 - segment))
}

# with_window RUN open|hidden|clicks: until the run is finished.
with_window() {
  EQUIPOISE_UI_TRACE="$1.trace" "$program" gui --task "$task" --episodes "$episodes" --seed 1 --out "$1" >"$folder/gui.txt" 2>&1 &
  gui=$!
  window=
  for _ in $(seq 200); do
    window=$(xdotool search --onlyvisible --name '^Equipoise' 2>/dev/null | head -n 1)
    [ -z "$window" ] || break
    sleep 0.05
  done
  [ -n "$window" ] || { cat "$folder/gui.txt" >&2; echo "equipoise: no window came up" >&2; exit 1; }
  xdotool windowsize "$window" 1280 800
  # What a window manager does when it iconifies: there is none on this display.
  if [ "$2" = hidden ]; then xprop -id "$window" -f WM_STATE 32c -set WM_STATE 3; xdotool windowunmap "$window"; fi
  while kill -0 $gui 2>/dev/null; do
    [ "$2" != clicks ] || click "$1.trace"
    ! grep -q '"state": *"finished"' "$1/run.json" 2>/dev/null || break
    sleep 0.2
  done
  kill $gui 2>/dev/null || true
  wait $gui 2>/dev/null || true
  gui=
}

for round in $(seq "$rounds"); do
  "$program" train --task "$task" --episodes "$episodes" --seed 1 --out "$folder/headless-$round" >"$folder/train.txt" 2>&1 ||
    { cat "$folder/train.txt" >&2; exit 1; }
  with_window "$folder/open-$round" open
  with_window "$folder/hidden-$round" hidden
  with_window "$folder/clicks-$round" clicks
done
/usr/bin/python3 - "$folder" "$rounds" <<'PYTHON'
import json, statistics, sys
folder, rounds = sys.argv[1], int(sys.argv[2])

def seconds(kind):
    """Of one picked episode, the first (with its long first fit) left out; the median of the rounds."""
    means = []
    for round in range(1, rounds + 1):
        lines = [json.loads(line) for line in open(f"{folder}/{kind}-{round}/episodes.jsonl")]
        walls = [line["clock"]["wall_seconds"] for line in lines if line["episode"] >= 1]
        means.append((walls[-1] - walls[0]) / (len(walls) - 1))
    return statistics.median(means)

def timings(kind, name, first):
    """Milliseconds: p50, p99 over all rounds, and of how many. The first frame of a window makes fonts and scene, before
    any learning: it counts by itself (`first`) or not at all."""
    values = []
    for round in range(1, rounds + 1):
        words = [line.split() for line in open(f"{folder}/{kind}-{round}.trace")]
        here = [int(word[3]) / 1000 for word in words if word[0] == name]
        values += here[:1] if first else here[1:]
    values.sort()
    at = lambda share: values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")
    return at(0.5), at(0.99), len(values)

headless = seconds("headless")
print("| window | seconds an episode | against none |\n|---|---|---|")
for kind, name in (("headless", "none"), ("open", "open, 1280 x 800, GL in software"), ("hidden", "iconified")):
    print(f"| {name} | {seconds(kind):.3f} | {seconds(kind) / headless:.3f} |")
print("\n| open window, while training | p50 | p99 | of |\n|---|---|---|---|")
for kind, name, words, first in (("open", "frame.wall", "a frame, by the clock", False),
                                 ("open", "frame.processor", "a frame, processor time of its thread", False),
                                 ("open", "frame.wall", "the first frame, with fonts and scene", True),
                                 ("clicks", "answer.wall", "from a button's command to its effect in a frame", False)):
    p50, p99, count = timings(kind, name, first)
    print(f"| {words} | {p50:.1f} ms | {p99:.1f} ms | {count} |")
same = {kind: [{k: v for k, v in json.loads(l).items() if k != "clock"} for l in open(f"{folder}/{kind}-1/episodes.jsonl")]
        for kind in ("headless", "open", "hidden")}
print("the three runs are " + ("the same" if same["headless"] == same["open"] == same["hidden"] else "NOT the same"))
PYTHON
