#!/bin/sh
# The tests once more in a build that watches every access to memory and every operation whose result C++ does not define
# (AddressSanitizer, UndefinedBehaviorSanitizer): the engine's, and those of the window that need no mouse.
#
#   tests/sanitizers.sh                               all of them
#   tests/sanitizers.sh --gtest_filter='Hopper.*'     any options of GoogleTest
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
. tests/suite.sh
app/install_packages.sh build test

build=build/asan
start=$(date +%s)
mkdir -p "$build"
run_quietly "$build/configure.log" cmake --preset asan -DEQUIPOISE_TESTS=ON
run_quietly "$build/build.log" cmake --build --preset asan -j "$jobs" --target equipoise equipoise-torch engine_tests ui_tests
took "build" "$start"

# Drivers of GL in software keep what they made until the process ends.
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
start=$(date +%s)
status=0
run_suite "$build" '-*WindowTest.*:WindowSignals.*' "$@" || status=$?
took "tests" "$start"
exit "$status"
