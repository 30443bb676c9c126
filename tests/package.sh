#!/bin/sh
# The Debian packages: made by cpack of this working tree, installed by apt in a root of their own, used as a person would
# with a window and without, and removed again; what is left behind is a failure. Takes root and, the first time, a while.
#
#   tests/package.sh                          of this system's release of Debian, from build/release
#   tests/package.sh --made FOLDER RELEASE    only tries the packages that lie there and were made on that release
#
# The root to install in is ~/.cache/equipoise/package-RELEASE, a minimal system; it stays, and is made when absent.
set -eu
cd "$(dirname "$0")/.."
. app/build.sh
fail() { say "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "debootstrap and chroot take root"
here=$(. /etc/os-release && echo "$VERSION_CODENAME")
made=
release=$here
if [ "${1:-}" = --made ]; then
  made=${2:?a folder}
  release=${3:?a release of Debian}
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/equipoise
root=$cache/package-$release
log=$cache/package-$release.log
mkdir -p "$cache"

if [ -n "$made" ]; then
  packages=$made
else
  app/install_packages.sh build package debian
  build_equipoise ON equipoise equipoise-torch
  # shellcheck disable=SC2154  # of app/build.sh
  packages=$build
  rm -f "$packages"/*.deb
  (cd "$packages" && cpack >cpack.log 2>&1) || { tail -n 20 "$packages/cpack.log" >&2; fail "cpack failed"; }
fi
for package in "$packages"/*.deb; do
  say "$(basename "$package"): $(du -k "$package" | cut -f 1) kB"
  dpkg-deb --field "$package" Package Version Depends
done

if [ ! -d "$root" ]; then
  # shellcheck disable=SC2016  # expanded by apt
  mirror=${EQUIPOISE_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)}
  say "making a root of Debian $release in $root"
  rm -rf "$root.part"
  debootstrap --variant=minbase "$release" "$root.part" "$mirror" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "debootstrap failed"; }
  echo force-unsafe-io >"$root.part/etc/dpkg/dpkg.cfg.d/unsafe-io"
  mv "$root.part" "$root"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
rm -rf "$root/debs"
mkdir "$root/debs"
cp "$packages"/*.deb "$root/debs"

cat >"$root/debs/try.sh" <<'TRY'
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset EQUIPOISE_ASSETS LD_LIBRARY_PATH 2>/dev/null || true
say() { echo "package: $*"; }
say "beside it: a display, manual pages, a check of desktop entries"
apt-get update -qq
# Minimal systems leave documentation out; a person's does not.
rm -f /etc/dpkg/dpkg.cfg.d/docker /etc/dpkg/dpkg.cfg.d/excludes
apt-get install -y -qq --no-install-recommends xvfb xauth man-db desktop-file-utils bash-completion >/dev/null
apt-get purge -y -qq 'equipoise*' >/dev/null 2>&1 || true
everything() {
  find / -xdev \( -path /proc -o -path /tmp -o -path /debs -o -path /var -o -path /root -o -path /run \) -prune -o -print |
    LC_ALL=C sort
}
everything >/tmp/before
say "installing $(ls /debs/equipoise_*.deb)"
apt-get install -y -qq --no-install-recommends /debs/equipoise_*.deb >/tmp/apt.log 2>&1 || { tail -n 20 /tmp/apt.log; exit 1; }
! command -v equipoise-torch || { say "equipoise-torch came along unasked"; exit 1; }
ldd /usr/bin/equipoise | grep -i 'not found\|torch' && exit 1
cd "$(mktemp -d)"
say "without a window"
equipoise --version
equipoise train --task cartpole --agent sac --episodes 2 --set run.random_episodes=2 --out run >/dev/null
equipoise train --task pendulum --agent sac --episodes 1 --set run.random_episodes=1 --out own >/dev/null
equipoise export run --dataset run.hdf5
equipoise export run --policy run.pt 2>said && exit 1
grep -q equipoise-torch said
say "with a window"
xvfb-run -a -s '-screen 0 1600x1000x24 -nolisten tcp' env LIBGL_ALWAYS_SOFTWARE=1 sh -ec '
  equipoise gui --task cartpole --agent sac --out seen >gui.log 2>&1 & window=$!
  for second in $(seq 120); do
    [ "$(wc -l 2>/dev/null <seen/episodes.jsonl || echo 0)" -lt 3 ] || break
    kill -0 $window || { cat gui.log; exit 1; }
    sleep 1
  done
  kill -TERM $window
  wait $window || [ $? = 75 ]'
say "$(wc -l <seen/episodes.jsonl) episodes in the window"
[ "$(wc -l <seen/episodes.jsonl)" -ge 3 ]
LIBGL_ALWAYS_SOFTWARE=1 equipoise screenshot --run run --out run.png
say "manual pages, desktop entry, completion"
MANWIDTH=80 man --warnings equipoise-train 2>warnings | grep -q 'run folder'
[ ! -s warnings ]
desktop-file-validate /usr/share/applications/equipoise.desktop
bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader equipoise; complete -p equipoise' | grep -q _equipoise
if [ "${WITH_TORCH:-1}" = 1 ]; then
  say "and equipoise-torch"
  apt-get install -y -qq --no-install-recommends /debs/equipoise-torch_*.deb >/tmp/apt.log 2>&1 || { tail -n 20 /tmp/apt.log; exit 1; }
  equipoise export run --policy run.pt
fi
say "removing"
apt-get purge -y -qq 'equipoise*' >/dev/null 2>&1
everything >/tmp/after
LC_ALL=C comm -13 /tmp/before /tmp/after | grep -i equipoise && { say "that is left behind"; exit 1; }
say "nothing is left behind"
TRY
# shellcheck disable=SC2016  # expanded by the inner shell
unshare --mount --pid --fork --kill-child sh -euc '
root=$1
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
rm -rf "$root/tmp/.X11-unix" "$root"/tmp/.X*-lock
unset TMPDIR LD_LIBRARY_PATH
chroot "$root" sh /debs/try.sh' package.sh "$root"
say "the packages hold on Debian $release ($(cat "$root/etc/debian_version"))"
