#!/bin/sh
# Builds and tests this working tree against the newest MuJoCo and LibTorch in place of Debian's: Python's wheels bring
# libraries and headers of both. The newest Gymnasium and dm_control come with them, and every step of theirs is made again
# by the tasks of this build, to 1e-9 a step; what Debian's version recorded is left out. Takes 3 GB of disk.
#
#   tests/platforms.sh                                  the newest of each
#   tests/platforms.sh --gtest_filter='Hopper.*'        any options of GoogleTest
#   MUJOCO=3.3.7 TORCH=2.8.0 tests/platforms.sh         these versions
#   tests/platforms.sh --libraries                      only fetches them
#
# Libraries stay in ~/.cache/equipoise/platforms, by version; the build in build/platforms. Nothing of it reaches the
# release build.
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
. tests/suite.sh
app/install_packages.sh build test peers

cache=${XDG_CACHE_HOME:-$HOME/.cache}/equipoise/platforms/${MUJOCO:-newest}-${TORCH:-newest}
python=$cache/python/bin/python
if [ ! -e "$cache/complete" ]; then
  say "fetching libraries into $cache"
  rm -rf "$cache"
  mkdir -p "$cache"
  run_quietly "$cache/pip.log" python3 -m venv "$cache/python"
  run_quietly "$cache/pip.log" "$python" -m pip install "mujoco${MUJOCO:+==$MUJOCO}" "gymnasium[mujoco]" dm_control numpy
  run_quietly "$cache/pip.log" "$python" -m pip install --no-deps "torch${TORCH:+==$TORCH}"
  # Of CUDA, which PyPI's build for Linux is linked with, only what its part for the CPU asks for.
  cuda=$("$python" -c '
import importlib.metadata, re
for need in importlib.metadata.requires("torch") or []:
    found = re.match(r"cuda-toolkit\[[^]]*\](==[0-9.]+)", need)
    if found:
        print("cuda-toolkit[cudart,cupti]" + found.group(1))
    elif re.match(r"nvidia-cuda-(runtime|cupti)-cu12", need):
        print(need.split(";")[0].replace(" ", ""))')
  # shellcheck disable=SC2086  # a list of requirements
  [ -z "$cuda" ] || run_quietly "$cache/pip.log" "$python" -m pip install $cuda
  touch "$cache/complete"
fi
[ "${1:-}" != --libraries ] || exit 0

# What CMake finds in place of Debian's packages.
prefix=$cache/prefix
mkdir -p "$prefix/lib/cmake/mujoco" "$prefix/lib/cmake/Torch"
"$python" - "$prefix/lib/cmake" <<'CONFIGS'
import glob, importlib.metadata, importlib.util, os, sys
def folder(package): return os.path.dirname(importlib.util.find_spec(package).origin)
mujoco, torch = folder("mujoco"), folder("torch")
library, = glob.glob(mujoco + "/libmujoco.so.*")
open(sys.argv[1] + "/mujoco/mujocoConfig.cmake", "w", encoding="utf-8").write(f"""
add_library(mujoco::mujoco SHARED IMPORTED)
set_target_properties(mujoco::mujoco PROPERTIES IMPORTED_LOCATION {library} INTERFACE_INCLUDE_DIRECTORIES {mujoco}/include)
""")
open(sys.argv[1] + "/Torch/TorchConfig.cmake", "w", encoding="utf-8").write(f"""
set(TORCH_INCLUDE_DIRS {torch}/include {torch}/include/torch/csrc/api/include)
set(TORCH_LIBRARIES {torch}/lib/libtorch_cpu.so {torch}/lib/libc10.so)
""")
print("equipoise: MuJoCo " + importlib.metadata.version("mujoco") + ", LibTorch " + importlib.metadata.version("torch")
      + ", Gymnasium " + importlib.metadata.version("gymnasium") + ", dm_control " + importlib.metadata.version("dm_control"))
CONFIGS

build=build/platforms
start=$(date +%s)
mkdir -p "$build"
run_quietly "$build/configure.log" cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DEQUIPOISE_TESTS=ON \
  -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_INSTALL_RPATH_USE_LINK_PATH=ON
run_quietly "$build/build.log" cmake --build "$build" -j "$jobs" --target equipoise equipoise-torch engine_tests ui_tests
took "build" "$start"

failed=
start=$(date +%s)
"$python" tests/peers/same_task.py "$build/equipoise" --newest || failed=" same_task.py"
took "steps of Gymnasium and dm_control" "$start"
start=$(date +%s)
run_suite "$build" '' "$@" || failed="$failed suite"
took "tests" "$start"
[ -z "$failed" ] || { say "failed:$failed" >&2; exit 1; }
