# shellcheck shell=sh
# build.sh: sourced by app/run.sh and tests/run.sh, in the root of the source tree: configures and builds the release preset.
# Sets $build. A terminal shows the build; otherwise only the end of the log of a failed one. EQUIPOISE_JOBS overrides -j.

build=build/release

# A file that uses LibTorch takes 1.3 GB to compile: no more of them at once than there is memory for.
jobs=$(nproc)
for_memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
[ "$jobs" -le "$for_memory" ] || jobs=$for_memory
[ "$jobs" -ge 1 ] || jobs=1
jobs=${EQUIPOISE_JOBS:-$jobs}

say() { echo "equipoise: $*"; }

# run_quietly LOG COMMAND...
run_quietly() {
  log=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    say "failed: $* (above: the end of $log)" >&2
    exit 1
  fi
}

# build_equipoise ON|OFF TARGET...: with or without the tests.
build_equipoise() {
  tests=$1
  shift
  mkdir -p "$build"
  run_quietly "$build/configure.log" cmake --preset release -DEQUIPOISE_TESTS="$tests"
  [ -e "$build/equipoise" ] || say "building with $jobs jobs; the first time takes some minutes"
  if [ -t 1 ]; then
    cmake --build --preset release -j "$jobs" --target "$@" || { say "the build failed (above)" >&2; exit 1; }
  else
    run_quietly "$build/build.log" cmake --build --preset release -j "$jobs" --target "$@"
  fi
}
