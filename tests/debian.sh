#!/bin/sh
# Builds and tests this working tree on a release of Debian other than the one at hand: in a root of its own, made by
# debootstrap, from that release's packages alone, as a newly installed system would. The tests run without a network.
# Takes root, 7 GB of disk and the first time a while; later runs install and compile only what changed.
#
#   tests/debian.sh                                    Debian 13 (trixie)
#   tests/debian.sh bookworm                           Debian 12
#   tests/debian.sh trixie --gtest_filter='Hopper.*'   any options of GoogleTest
#   tests/debian.sh trixie --sanitizers [OPTIONS]      tests/sanitizers.sh in place of tests/run.sh
#   tests/debian.sh trixie --root                      only makes the root, with its packages
#
# The root stays in ~/.cache/equipoise/debian-RELEASE, whichever checkout it is used from; remove the folder to start
# afresh. Mounts and processes live in namespaces of their own and go with this script. EQUIPOISE_DEBIAN_MIRROR: where
# packages come from, if not from where this system has its own. EQUIPOISE_JOBS: as for tests/run.sh.
set -eu
cd "$(dirname "$0")/.."

say() { echo "equipoise: $*"; }
fail() { say "$*" >&2; exit 1; }

release=trixie
case ${1:-} in
  '' | -*) ;;
  *) release=$1; shift ;;
esac
script=tests/run.sh
case ${1:-} in
  --sanitizers) script=tests/sanitizers.sh; shift ;;
  --root) script=; shift ;;
esac
cache=${XDG_CACHE_HOME:-$HOME/.cache}/equipoise
root=$cache/debian-$release
tree=$root/equipoise
log=$cache/debian-$release.log

[ "$(id -u)" = 0 ] || fail "debootstrap and chroot take root: run  sudo tests/debian.sh $release"
mkdir -p "$cache"
exec 9>"$cache/debian-$release.lock"
flock -n 9 || fail "another tests/debian.sh $release is running"

# Under another name until it is complete, so that an interrupted one is not taken for a root.
if [ ! -d "$root" ]; then
  app/install_packages.sh debian
  # shellcheck disable=SC2016  # expanded by apt
  mirror=${EQUIPOISE_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)}
  [ -n "$mirror" ] || fail "apt names no mirror of Debian here: set EQUIPOISE_DEBIAN_MIRROR to the address of one"
  say "making a root of Debian $release in $root"
  rm -rf "$root.part"
  debootstrap --variant=minbase "$release" "$root.part" "$mirror" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; fail "debootstrap failed (above; $log)"; }
  echo force-unsafe-io >"$root.part/etc/dpkg/dpkg.cfg.d/unsafe-io"  # a root that can be made again need not be synced
  mv "$root.part" "$root"
fi

# The working tree, without what git ignores. Only files that differ are written: a rebuild inside sees what changed.
mkdir -p "$tree"
git -c core.quotePath=off ls-files --cached --others --exclude-standard | while IFS= read -r file; do
  [ -f "$file" ] || continue
  echo "$file"
  if ! cmp -s "$file" "$tree/$file"; then
    mkdir -p "$tree/$(dirname "$file")"
    cp "$file" "$tree/$file"
  fi
done | LC_ALL=C sort >"$log"
(cd "$tree" && find . -path ./build -prune -o -type f -print | sed 's|^\./||') | LC_ALL=C sort |
  LC_ALL=C comm -13 "$log" - | while IFS= read -r file; do rm "$tree/$file"; done
cp /etc/resolv.conf "$root/etc/resolv.conf"

# The first process of the new namespace; when it ends, all that it started and mounted ends too.
# shellcheck disable=SC2016  # expanded by the inner shell
inside='
root=$1
script=$2
shift 2
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
rm -rf "$root/tmp/.X11-unix" "$root"/tmp/.X*-lock
unset TMPDIR CMAKE_PREFIX_PATH LD_LIBRARY_PATH
export HOME=/root LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
chroot "$root" /equipoise/app/install_packages.sh build test
[ -z "$script" ] || unshare --net chroot "$root" "/equipoise/$script" "$@"
'
say "Debian $release ($(cat "$root/etc/debian_version"))"
unshare --mount --pid --fork --kill-child sh -euc "$inside" debian.sh "$root" "$script" "$@" &
namespace=$!
trap 'kill -KILL $namespace 2>/dev/null || true; exit 130' INT TERM
wait $namespace
