#!/bin/sh
# clang-tidy (.clang-tidy) over our own sources, with the flags of a build that is there already. What a header brings is
# seen through those that include it.
#
#   tests/tidy.sh                    the 60 of the program's sources that the newest commits touched; those on LibTorch,
#                                    whose headers take minutes each, and the tests apart
#   tests/tidy.sh all                every one
#   tests/tidy.sh FILE...            these
#   BUILD=build/asan tests/tidy.sh   another build than build/release
#
# Exit code 0: nothing found; 1: something is; 2: it cannot be checked.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build/release}
commands=$build/compile_commands.json
[ -f "$commands" ] || { echo "there is no $commands: configure a build first (cmake --preset release)" >&2; exit 2; }
command -v clang-tidy >/dev/null || { echo "clang-tidy is not installed: app/install_packages.sh check" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
python3 tests/plain_commands.py "$commands" >"$work/compile_commands.json"

most=60
case ${1:-} in
  all) files=$(git ls-files 'engine/*.cc' 'ui/*.cc' 'app/*.cc' 'tests/*.cc'); most=100000 ;;
  '') files=$(git log --pretty=format: --name-only --diff-filter=d -- 'engine/*.cc' 'ui/*.cc' 'app/*.cc' \
    ':!*/aten/*' ':!app/torch/*' | awk 'NF && !seen[$0]++') ;;
  *) files=$*; most=100000 ;;
esac
chosen=$(for file in $files; do
  if [ -f "$file" ] && grep -q "\"file\": \".*/$file\"" "$commands"; then echo "$file"; fi
done | head -n "$most")
status=0
# shellcheck disable=SC2086  # a list of files
printf '%s\n' $chosen | xargs -P "$(nproc)" -n 2 clang-tidy --quiet --warnings-as-errors='*' -p "$work" 2>/dev/null || status=1
echo "clang-tidy: $(printf '%s\n' $chosen | wc -l) sources checked, $([ $status = 0 ] && echo all well || echo 'not well')"
exit $status
