#!/bin/sh
# Installs what is missing, builds, runs every test and says how many passed. The window's tests run on a display in memory.
#
#   tests/run.sh                               all of them
#   tests/run.sh --gtest_filter='Hopper.*'     any options of GoogleTest
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
app/install_packages.sh build test
build_equipoise ON all

logs=$build/tests/logs
rm -rf "$logs"
mkdir -p "$logs"

# Always a display of its own: the tests move the mouse and press keys.
Xvfb -displayfd 3 -screen 0 1920x1200x24 -nolisten tcp 3>"$logs/display" >"$logs/xvfb.txt" 2>&1 &
xvfb=$!
trap 'kill $xvfb 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
for _ in $(seq 100); do
  if [ -s "$logs/display" ] || ! kill -0 $xvfb 2>/dev/null; then break; fi
  sleep 0.1
done
[ -s "$logs/display" ] || { tail "$logs/xvfb.txt" >&2; say "Xvfb did not start (above)" >&2; exit 1; }
DISPLAY=:$(cat "$logs/display")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY

# run_shard NAME INDEX SHARDS OPTIONS...: writes the output and the exit code.
run_shard() {
  program_name=$1
  shard_log=$logs/$1-$2.log
  export GTEST_SHARD_INDEX="$2" GTEST_TOTAL_SHARDS="$3"
  shift 3
  code=0
  timeout 1500 "$build/tests/$program_name" --gtest_color=no "$@" >"$shard_log" 2>&1 || code=$?
  echo "exit code $code" >>"$shard_log"
}

for program in "$build"/tests/*_tests; do
  name=$(basename "$program")
  shards=$jobs
  [ "$name" != ui_tests ] || shards=1  # they share one mouse
  shard=0
  running=
  while [ "$shard" -lt "$shards" ]; do
    run_shard "$name" "$shard" "$shards" "$@" &
    running="$running $!"
    shard=$((shard + 1))
  done
  # shellcheck disable=SC2086  # a list of process ids
  wait $running
done

# Counted from what the programs printed. A program that crashed or hung leaves a test that began and never ended, and
# tests that were never begun; both count.
awk '
  function finish() {
    if (log_name != "" && code > 1) {
      why = code == 124 ? "timed out" : "crashed (exit code " code ")"
      print log_name ": " why (current != "" ? " in " current : "") > "/dev/stderr"
      ++failed
      not_run += announced - begun
    }
  }
  FNR == 1 { finish(); log_name = FILENAME; current = ""; announced = begun = code = 0 }
  /^\[==========\] Running/ { announced = $3 }
  /^\[ RUN      \]/ { ++begun; current = $4 }
  /^\[       OK \].*ms\)/ { ++passed; current = "" }
  /^\[  FAILED  \].*ms\)/ { ++failed; current = ""; print "FAILED " $4 " (" FILENAME ")" > "/dev/stderr" }
  /^\[  SKIPPED \].*ms\)/ { ++skipped; current = ""; print "skipped " $4 }
  /^exit code / { code = $3 }
  END {
    finish()
    printf "equipoise tests: %d passed, %d failed, %d skipped", passed, failed, skipped
    if (not_run > 0) printf ", %d not run", not_run
    printf "\n"
    exit !(failed == 0 && not_run == 0 && passed > 0)
  }' "$logs"/*_tests-*.log >"$logs/summary.txt" || status=$?
if [ "${status:-0}" != 0 ]; then
  # The first complaints, in full.
  grep -h -A 12 'Failure$' "$logs"/*_tests-*.log | head -n 150 >&2 || true
fi
cat "$logs/summary.txt"
exit "${status:-0}"
