#!/bin/sh
# Is everything that a lock guards only touched with the lock held? clang checks every source that includes one
# (engine/base/mutex.h, straight or through a header), with the flags of a build that is there already.
#
#   tests/thread_safety.sh [BUILD FOLDER]    build/release where none is named
#
# Exit code 0: yes; 1: no, or a lock that clang knows nothing of; 2: it cannot be checked.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
clang=${CLANGXX:-clang++}
commands=$build/compile_commands.json
[ -f "$commands" ] || { echo "there is no $commands: configure a build first (cmake --preset release)" >&2; exit 2; }
command -v "$clang" >/dev/null || { echo "$clang is not installed: app/install_packages.sh check" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

status=0
if grep -rnE 'std::(lock_guard|unique_lock|scoped_lock|(recursive_|shared_|timed_)?mutex|condition_variable)' \
  --include='*.h' --include='*.cc' engine ui app | grep -v '^engine/base/mutex\.h:'; then
  echo "these locks say nothing to the compiler: take those of engine/base/mutex.h" >&2
  status=1
fi

# A check that cannot fail proves nothing: these two lines must be refused.
cat >"$work/unlocked.cc" <<'END'
#include "engine/base/mutex.h"
struct Unlocked { equipoise::Mutex mutex; int count EQ_GUARDED_BY(mutex) = 0; int Read() { return count; } };
END
if "$clang" -std=c++17 -I. -fsyntax-only -Wthread-safety -Werror "$work/unlocked.cc" 2>/dev/null; then
  echo "$clang does not see an unlocked read" >&2
  exit 2
fi

# One line for each source: its file, and the build's command as clang understands it.
python3 tests/plain_commands.py "$commands" >"$work/plain.json"
python3 - "$work/plain.json" "$clang" >"$work/checks" <<'END'
import json, os, re, shlex, sys

root = os.getcwd()
include = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
seen = {}

def locks(path):
    if path not in seen:
        seen[path] = path == "engine/base/mutex.h"
        if not seen[path] and os.path.exists(path):
            with open(path) as source:
                seen[path] = any(locks(name) for name in include.findall(source.read()))
    return seen[path]

for entry in json.load(open(sys.argv[1])):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
    if path.split("/")[0] not in ("engine", "ui", "app") or not locks(path):
        continue
    words = shlex.split(entry["command"])
    flags = words[1:words.index("-o")]  # CMake: compiler, flags, -o ... -c FILE
    flags = [flag for flag in flags if not flag.startswith("-W")]  # another compiler's warnings
    check = [sys.argv[2], *flags, "-fsyntax-only", "-Wthread-safety", "-Werror", os.path.join(root, path)]
    print(shlex.quote("cd %s && exec %s" % (shlex.quote(entry["directory"]), shlex.join(check))))
END
sort -u "$work/checks" >"$work/once"  # a source of two programs is checked once for each set of flags
xargs -P "$(nproc)" -n 1 sh -c <"$work/once" || status=1
echo "thread safety: $(wc -l <"$work/once") sources checked, $([ $status = 0 ] && echo all well || echo 'not well')"
exit $status
