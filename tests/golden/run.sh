#!/bin/sh
# Do two versions of the program compute the same numbers, to the bit? Builds another commit beside this working tree
# and lets both make the same runs (golden_run.cc): every agent in both modes on three tasks, with interventions, a push
# and a stop. Compares what they wrote (compare.py) under the stated map of names (names.json).
#
#   tests/golden/run.sh COMMIT            the working tree against that commit
#   tests/golden/run.sh COMMIT cartpole   one task alone
#
# The other commit's build stays in ~/.cache/equipoise/golden. Exit code 0: the same; 3: not the same.
set -eu
cd "$(dirname "$0")/../.."
. app/build.sh

[ $# -ge 1 ] || { say "which commit? tests/golden/run.sh COMMIT [TASK...]" >&2; exit 1; }
commit=$(git rev-parse --verify "$1^{commit}")
shift
tasks=${*:-cartpole halfcheetah hopper}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/equipoise/golden
base=$cache/$commit
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM
app/install_packages.sh build test golden

build_equipoise ON equipoise_golden
if [ ! -x "$base/$build/tests/equipoise_golden" ]; then
  mkdir -p "$base"
  git archive "$commit" | tar -x -C "$base"
  say "building $commit"
  (cd "$base" && . app/build.sh && build_equipoise ON equipoise_golden)
fi

status=0
for task in $tasks; do
  for run in "unified full" "unified dreamer" "sac full" "mbrl full" "mbrl dreamer"; do
    agent=${run% *} mode=${run#* }
    name=$task-$agent-$mode
    "$base/$build/tests/equipoise_golden" "$task" "$agent" "$mode" "$out/base/$name"
    "$build/tests/equipoise_golden" "$task" "$agent" "$mode" "$out/present/$name"
    code=0
    said=$(python3 tests/golden/compare.py "$out/base/$name" "$out/present/$name" tests/golden/names.json) || code=$?
    echo "$name: $said"
    [ "$code" = 0 ] || status=3
  done
done
exit $status
