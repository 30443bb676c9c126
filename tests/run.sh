#!/bin/sh
# Installs what is missing, builds, runs every test and says how many passed. The window's tests run on a display in memory.
#
#   tests/run.sh                               all of them
#   tests/run.sh --gtest_filter='Hopper.*'     any options of GoogleTest
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
. tests/suite.sh
start=$(date +%s)
app/install_packages.sh build test
took "packages" "$start"

start=$(date +%s)
build_equipoise ON all
took "build" "$start"

start=$(date +%s)
status=0
run_suite "$build" '' "$@" || status=$?
took "tests" "$start"
exit "$status"
