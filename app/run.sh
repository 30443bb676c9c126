#!/bin/sh
# From a fresh Debian 12 or 13 to a running Equipoise: installs what is missing, builds, opens the window on the quick start.
# Without a display it trains in the terminal and leaves a run folder with a picture, dashboard.png.
#
#   app/run.sh                              the quick start
#   app/run.sh train --task hopper ...      anything else `equipoise` can do (app/run.sh --help)
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
app/install_packages.sh build
build_equipoise OFF equipoise

if [ $# -gt 0 ]; then exec "$build/equipoise" "$@"; fi
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then exec "$build/equipoise" gui --config configs/quickstart.toml; fi
say "no display: training in the terminal"
exec "$build/equipoise" train --config configs/quickstart.toml
