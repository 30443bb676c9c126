#!/bin/sh
# Measures how fast every part is and prints the tables: installs what is missing, builds, then runs ours and plain PyTorch
# in turn, and each part against the reference path. Takes some minutes, and a machine that does nothing else.
#
#   tests/bench/run.sh             everything
#   tests/bench/run.sh --peer      only the comparison with PyTorch
#   ROUNDS=9 tests/bench/run.sh    repetitions of each measurement (5)
set -eu
cd "$(dirname "$0")/../.."
. app/build.sh
app/install_packages.sh build test bench
build_equipoise ON equipoise equipoise-torch equipoise_bench

rounds=${ROUNDS:-5}
bench=$build/tests/equipoise_bench
out=$build/bench
rm -rf "$out"
mkdir -p "$out"

say "comparing with PyTorch, $rounds rounds" >&2
for round in $(seq "$rounds"); do
  for part in sac fit; do
    "$bench" --benchmark_filter="^$part/ours" --benchmark_repetitions=1 --benchmark_out_format=json \
      --benchmark_out="$out/$part-$round.json" >"$out/log" 2>&1 || { cat "$out/log" >&2; exit 1; }
  done
  /usr/bin/python3 tests/bench/peer/sac.py >>"$out/sac.peer" 2>"$out/torch"
  /usr/bin/python3 tests/bench/peer/model_fit.py >>"$out/fit.peer" 2>"$out/torch"
done
head -n 1 "$out/log"
echo "PyTorch: $(cat "$out/torch")"
echo
/usr/bin/python3 - "$out" "$rounds" <<'PYTHON'
import json, statistics, sys
out, rounds = sys.argv[1], int(sys.argv[2])
names = {"sac": "SAC update, LayerNorm, batch 256, 3 x 256", "fit": "model fit, B=100 T=100 H=256"}
print("| what | ours, 1 thread | ours, 2 threads | plain PyTorch, 1 thread | ratio, 1 thread | ratio, 2 threads |")
print("|---|---|---|---|---|---|")
for part, name in names.items():
    ours = {1: [], 2: []}
    for round in range(1, rounds + 1):
        for run in json.load(open(f"{out}/{part}-{round}.json"))["benchmarks"]:
            threads = 1 if "1 thread" in run["name"] else 2
            assert run["time_unit"] == "ms"
            ours[threads].append(run["real_time"] / 1e3 / run["units"])
    peer = statistics.median(float(line) for line in open(f"{out}/{part}.peer"))
    one, two = statistics.median(ours[1]), statistics.median(ours[2])
    print(f"| {name} | {1e3 * one:.2f} ms | {1e3 * two:.2f} ms | {1e3 * peer:.2f} ms | {peer / one:.2f} | {peer / two:.2f} |")
PYTHON
echo
[ "${1:-}" != --peer ] || exit 0
"$bench" --benchmark_repetitions="$rounds"
"$bench" --growth --episodes
