# shellcheck shell=sh
# suite.sh: sourced by those who run tests, in the root of the source tree, after app/build.sh. Sets $logs.

# run_suite BUILD FILTER OPTIONS...: every test program of that build, the window's with FILTER ('' for all), on a display
# in memory, and a line that counts. Prints the first complaints of what failed; its exit code says whether any did.
run_suite() {
  folder=$1
  window_filter=$2
  shift 2
  logs=$folder/tests/logs
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

  for program in "$folder"/tests/*_tests; do
    name=$(basename "$program")
    shards=$jobs
    # Those of the window share one mouse.
    if [ "$name" = ui_tests ] && [ -z "$window_filter" ]; then shards=1; fi
    shard=0
    running=
    while [ "$shard" -lt "$shards" ]; do
      run_shard "$program" "$shard" "$shards" "$@" &
      running="$running $!"
      shard=$((shard + 1))
    done
    # shellcheck disable=SC2086  # a list of process ids
    wait $running
  done
  kill $xvfb 2>/dev/null || true

  summed=0
  count_tests "$logs"/*_tests-*.log >"$logs/summary.txt" || summed=$?
  # The first complaints, in full.
  [ "$summed" = 0 ] || grep -h -A 12 'Failure$\|ERROR: .*Sanitizer\|runtime error:' "$logs"/*_tests-*.log | head -n 150 >&2 || true
  cat "$logs/summary.txt"
  return $summed
}

# run_shard PROGRAM INDEX SHARDS OPTIONS...: writes the output and the exit code.
run_shard() {
  shard_program=$1
  shard_log=$logs/$(basename "$1")-$2.log
  export GTEST_SHARD_INDEX="$2" GTEST_TOTAL_SHARDS="$3"
  shift 3
  if [ -n "$window_filter" ] && [ "$(basename "$shard_program")" = ui_tests ]; then
    set -- --gtest_filter="$window_filter" "$@"
  fi
  code=0
  timeout 2400 "$shard_program" --gtest_color=no "$@" >"$shard_log" 2>&1 || code=$?
  echo "exit code $code" >>"$shard_log"
}

# count_tests LOG...: from what the programs printed. A program that crashed or hung leaves a test that began and never
# ended, and tests that were never begun; both count. So does an exit code that no test explains.
count_tests() {
  awk '
    function finish() {
      if (log_name == "") return
      if (code > 1 || (code == 1 && bad == 0)) {
        why = code == 124 ? "timed out" : "ended with exit code " code
        print log_name ": " why (current != "" ? " in " current : "") > "/dev/stderr"
        ++failed
        not_run += announced - begun
      }
    }
    FNR == 1 { finish(); log_name = FILENAME; current = ""; announced = begun = code = bad = 0 }
    /^\[==========\] Running/ { announced = $3 }
    /^\[ RUN      \]/ { ++begun; current = $4 }
    /^\[       OK \].*ms\)/ { ++passed; current = "" }
    /^\[  FAILED  \].*ms\)/ { ++failed; ++bad; current = ""; print "FAILED " $4 " (" FILENAME ")" > "/dev/stderr" }
    /^\[  SKIPPED \].*ms\)/ { ++skipped; current = ""; print "skipped " $4 }
    /^exit code / { code = $3 }
    END {
      finish()
      printf "equipoise tests: %d passed, %d failed, %d skipped", passed, failed, skipped
      if (not_run > 0) printf ", %d not run", not_run
      printf "\n"
      exit !(failed == 0 && not_run == 0 && passed > 0)
    }' "$@"
}

# took WHAT SINCE: where the time went. SINCE: of `date +%s`.
took() { say "$1: $(( ($(date +%s) - $2) / 60 )) min $(( ($(date +%s) - $2) % 60 )) s"; }
