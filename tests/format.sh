#!/bin/sh
# Is every source laid out as .clang-format says? Version 14 of clang-format decides (Debian 12's): others differ in details.
#
#   tests/format.sh          says where not; exit code 1
#   tests/format.sh --fix    changes the files
set -eu
cd "$(dirname "$0")/.."
format=$(command -v clang-format-14 || command -v clang-format) ||
  { echo "clang-format is not installed: app/install_packages.sh check" >&2; exit 2; }
case $("$format" --version) in
  *'version 14.'*) ;;
  *) echo "not checked: this is $("$format" --version), and version 14 decides" >&2; exit 2 ;;
esac
mode='--dry-run --Werror'
[ "${1:-}" != --fix ] || mode=-i
# shellcheck disable=SC2086  # two words
git ls-files 'engine/*.cc' 'engine/*.h' 'ui/*.cc' 'ui/*.h' 'app/*.cc' 'app/*.h' 'tests/*.cc' 'tests/*.h' |
  xargs "$format" $mode
