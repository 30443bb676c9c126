#!/bin/sh
# Installs what is missing of the groups named (build, test) in app/packages.txt. Does nothing, quickly, when all is there.
# EQUIPOISE_NO_INSTALL=1: only say what is missing.
set -eu
list=$(dirname "$0")/packages.txt
log=${TMPDIR:-/tmp}/equipoise-install-$(id -u).log

say() { echo "equipoise: $*"; }
fail() { say "$*" >&2; exit 1; }

command -v dpkg-query >/dev/null 2>&1 ||
  fail "this is not a Debian system. Install the equivalents of the packages in app/packages.txt, then: cmake --preset release && cmake --build --preset release"

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
is_known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# Entries (with their alternatives) of the wanted groups of which nothing is installed.
missing=
# shellcheck disable=SC2013  # words are what is wanted
for entry in $(sed 's/#.*//' "$list" | awk -v groups=" $* " 'NF >= 2 && index(groups, " " $1 " ") {print $2}'); do
  case $entry in
    *@*)
      [ "${entry#*@}" = "$(dpkg --print-architecture)" ] || continue
      entry=${entry%@*}
      ;;
  esac
  found=
  for package in $(echo "$entry" | tr '|' ' '); do
    if is_installed "$package"; then found=1; fi
  done
  [ -n "$found" ] || missing="$missing $entry"
done
[ -n "$missing" ] || exit 0
[ -z "${EQUIPOISE_NO_INSTALL:-}" ] || fail "these packages are missing:$missing"

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  as_root=sudo
else
  fail "packages are missing, and installing them takes root. As root, run:
  apt-get update && apt-get install --no-install-recommends$(echo "$missing" | sed 's/|[^ ]*//g')
and start this script again"
fi

say "some packages are missing; asking apt-get for them"
$as_root apt-get update -qq >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get update failed (above; $log)"; }
packages=
for entry in $missing; do
  chosen=
  for package in $(echo "$entry" | tr '|' ' '); do
    if [ -z "$chosen" ] && is_known "$package"; then chosen=$package; fi
  done
  [ -n "$chosen" ] || fail "this system's package sources have none of: $entry (Debian 12 or 13 is needed)"
  packages="$packages $chosen"
done
say "installing$packages"
# shellcheck disable=SC2086  # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >>"$log" 2>&1 ||
  { tail -n 20 "$log" >&2; fail "apt-get install failed (above; $log)"; }
