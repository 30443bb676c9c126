#!/bin/sh
# Every agent used at random, with others looking on, in a build that watches every access to memory by more than one
# thread (ThreadSanitizer): no race, no hang, no fault, and every run passes its audit. No report is suppressed.
#
#   tests/long/random_commands.sh                         every agent, 400 commands each
#   tests/long/random_commands.sh --agents unified --commands 10000
#   PRESET=release tests/long/random_commands.sh --seconds 60     or asan; with the limit of 2 s on a quit that people meet
set -eu
cd "$(dirname "$0")/../.."
. app/build.sh
app/install_packages.sh build test
preset=${PRESET:-tsan}
build=build/$preset
mkdir -p "$build"
run_quietly "$build/configure.log" cmake --preset "$preset" -DEQUIPOISE_TESTS=ON
run_quietly "$build/build.log" cmake --build --preset "$preset" -j "$jobs" --target random_commands
export TSAN_OPTIONS=halt_on_error=0:exitcode=66 ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# What watches makes everything ten times slower.
[ "$preset" = release ] || set -- --stop-seconds 30 "$@"
exec "$build/tests/random_commands" "$@"
