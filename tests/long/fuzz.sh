#!/bin/sh
# The readers of files under libFuzzer, with AddressSanitizer and UndefinedBehaviorSanitizer: no crash, no input that takes
# more than a second, no more than 2 GB. What was found lies in build/fuzz/found; what is worth keeping goes into
# tests/fixtures/fuzz/TARGET, which this and the suite begin with.
#
#   tests/long/fuzz.sh                          every target for 10 minutes or a million inputs, whichever is over first
#   SECONDS_EACH=60 tests/long/fuzz.sh checkpoint run_log
#   TIMEOUT=5 tests/long/fuzz.sh                on a machine that is busy: the second is one of the clock
set -eu
cd "$(dirname "$0")/../.."
. app/build.sh
app/install_packages.sh build test check
build=build/fuzz
mkdir -p "$build/found"
[ $# -gt 0 ] || set -- configuration checkpoint run_log task_file window_state
targets=
for name in "$@"; do targets="$targets fuzz_$name"; done
run_quietly "$build/configure.log" cmake --preset fuzz -DEQUIPOISE_TESTS=ON
# shellcheck disable=SC2086  # a list
run_quietly "$build/build.log" cmake --build --preset fuzz -j "$jobs" --target $targets

status=0
for name in "$@"; do
  program=$build/tests/fuzz_$name
  corpus=$build/corpus/$name
  "$program" -seeds="$corpus"
  if [ -d "tests/fixtures/fuzz/$name" ]; then cp "tests/fixtures/fuzz/$name"/* "$corpus"; fi
  ended=0
  # A checkpoint's arrays are longer than what it would try by itself.
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 "$program" "$corpus" -max_total_time="${SECONDS_EACH:-600}" -runs=1000000 \
    -timeout="${TIMEOUT:-1}" -rss_limit_mb=2048 -malloc_limit_mb=1024 -max_len=1000000 -artifact_prefix="$build/found/$name-" \
    -print_final_stats=1 >"$build/$name.log" 2>&1 || ended=$?
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/$name.log" | tail -n 1)
  slowest=$(sed -n 's/^stat::slowest_unit_time_sec: *//p' "$build/$name.log")
  memory=$(sed -n 's/^stat::peak_rss_mb: *//p' "$build/$name.log")
  say "$name: $executed inputs, $covered edges, slowest ${slowest} s, at most $memory MB, exit code $ended"
  [ "$ended" = 0 ] || { status=1; grep -h -A 8 'ERROR:\|SUMMARY:\|runtime error' "$build/$name.log" | head -n 40; }
done
exit "$status"
