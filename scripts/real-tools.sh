#!/usr/bin/env bash
# Make the real external programs available to the tests: Siril 1.4, Siril 1.0.6, astap_cli, solve-field, build-astrometry-index
# and a Chromium without a window.
#
# Two small Debian roots are made by debootstrap (once; they stay in the cache) and entered through bubblewrap,
# so that wrappers in $TOOLS/bin behave as installed programs, whatever the host's own release.
#
#   scripts/real-tools.sh            make what is missing, print the folder of the wrappers
#
# ORCHESTRATE_TOOLS_DIR chooses the cache folder (default ~/.cache/orchestrate/tools).
# DEBIAN_MIRROR chooses the mirror (default: the one that apt already uses).
set -euo pipefail

TOOLS=${ORCHESTRATE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/orchestrate/tools}
BIN=$TOOLS/bin
mkdir -p "$BIN"

report() { printf '%s\n' "$*" >&2; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

mirror() {
  if [ -n "${DEBIAN_MIRROR:-}" ]; then printf '%s' "$DEBIAN_MIRROR"; return; fi
  { sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
    sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\(http[^ ]*\) .*/\2/p' /etc/apt/sources.list 2>/dev/null || true
  } | grep -E '/debian/?$' | head -n 1 || true
}

need_host_packages() {
  command -v debootstrap >/dev/null && command -v bwrap >/dev/null && return
  report "installing debootstrap and bubblewrap"
  as_root apt-get update -qq
  as_root apt-get install -y -qq debootstrap bubblewrap >/dev/null
}

# The desktop window is tested without a display, and by clicks on a virtual one. Qt is linked to these libraries of the host.
need_window_libraries() {
  local missing="" library program
  for library in libEGL.so.1 libGL.so.1 libxkbcommon-x11.so.0 libfontconfig.so.1 libdbus-1.so.3 libglib-2.0.so.0 \
      libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-render-util.so.0 libxcb-xkb.so.1; do
    /sbin/ldconfig -p | grep "$library" >/dev/null || missing="$missing $library"  # with -q, ldconfig could end on a closed pipe
  done
  for program in Xvfb xdotool; do command -v "$program" >/dev/null || missing="$missing $program"; done
  [ -n "$missing" ] || return 0
  report "installing what the desktop window needs (missing:$missing)"
  as_root apt-get update -qq
  as_root apt-get install -y -qq libegl1 libgl1 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3 libglib2.0-0 libxcb-cursor0 \
    libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-xkb1 fonts-dejavu-core xvfb xdotool >/dev/null
}

# add_packages ROOT PACKAGES: by apt inside the root, whose resolver knows virtual packages.
# A mirror may lag behind its release's validity; signatures are still checked.
add_packages() {
  as_root chroot "$1" env DEBIAN_FRONTEND=noninteractive \
    apt-get -o Acquire::Check-Valid-Until=false update &&
  as_root chroot "$1" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $2 &&
  as_root chroot "$1" apt-get clean
}

# make_root SUITE PACKAGES: one Debian root, whole or not there at all. It remembers its packages: one more is added to it.
make_root() {
  local suite=$1 packages=$2 root=$TOOLS/$1 url scripts=/usr/share/debootstrap/scripts
  [ "$(cat "$root/.complete" 2>/dev/null)" = "$packages" ] && return
  if [ -e "$root/.complete" ]; then
    report "adding to the $suite root in $root: $packages"
    add_packages "$root" "$packages" >"$TOOLS/$suite.log" 2>&1 ||
      { tail -n 20 "$TOOLS/$suite.log" >&2; report "adding to the $suite root failed, see $TOOLS/$suite.log"; exit 1; }
    printf '%s\n' "$packages" | as_root tee "$root/.complete" >/dev/null
    return
  fi
  url=$(mirror)
  [ -n "$url" ] || { report "no Debian mirror found in apt's sources: set DEBIAN_MIRROR"; exit 1; }
  [ -e "$scripts/$suite" ] || as_root ln -s sid "$scripts/$suite"
  report "making the $suite root in $root (some minutes, once)"
  as_root rm -rf "$root"
  { as_root debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$url" &&
    as_root cp /etc/resolv.conf "$root/etc/resolv.conf" &&
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$root/usr/sbin/policy-rc.d" >/dev/null &&
    as_root chmod +x "$root/usr/sbin/policy-rc.d" &&
    add_packages "$root" "$packages"
  } >"$TOOLS/$suite.log" 2>&1 ||
    { tail -n 20 "$TOOLS/$suite.log" >&2; report "the $suite root failed, see $TOOLS/$suite.log"; exit 1; }
  printf '%s\n' "$packages" | as_root tee "$root/.complete" >/dev/null
}

# pip_files: the files and folders that pip's configuration names (constraints, wheels, certificates). Siril installs its Python
# module with pip inside the root, and fails if it cannot read them.
pip_files() {
  local path
  { python3 -m pip config list 2>/dev/null || true; } | sed -n "s/^[^=]*='\(.*\)'\$/\1/p" | sed 's/\\n/ /g; s#file://##g' |
    tr ' ' '\n' | sort -u | while read -r path; do
      case $path in /*) [ -e "$path" ] && printf "'%s' " "$path" ;; esac
    done || true
}

# wrapper NAME SUITE PROGRAM: a command of the root that sees the host's files under their own paths.
wrapper() {
  cat >"$BIN/$1.new" <<WRAPPER
#!/bin/sh
# $3 of Debian $2, run inside $TOOLS/$2, with the host's folders that are not part of a system
set -- "$3" "\$@"
for folder in /*; do
  case \$folder in
    /bin|/boot|/dev|/etc|/lib*|/proc|/run|/sbin|/sys|/usr|/var|/lost+found) ;;
    *) [ -d "\$folder" ] && [ ! -L "\$folder" ] && set -- --bind "\$folder" "\$folder" "\$@" ;;
  esac
done
for file in /etc/ssl /etc/resolv.conf $PIP_FILES; do
  [ -e "\$file" ] && set -- --ro-bind "\$file" "\$file" "\$@"
done
exec "$(command -v bwrap)" --bind "$TOOLS/$2" / --dev-bind /dev /dev --proc /proc --die-with-parent \\
  --chdir "\$PWD" "\$@"
WRAPPER
  chmod +x "$BIN/$1.new"
  mv "$BIN/$1.new" "$BIN/$1"
}

# check NAME PATTERN ARGUMENT: the wrapper runs and names its version.
check() {
  local answer
  answer=$("$BIN/$1" "$3" 2>&1 </dev/null || true)
  printf '%s\n' "$answer" | grep -E -m 1 -q "$2" || { report "$BIN/$1 $3 does not answer as it should:"; report "$answer"; exit 1; }
}

need_host_packages
need_window_libraries
# Both at the same time: each mostly waits for its downloads and its disk.
make_root forky "siril astap-cli astrometry.net python3 python3-venv python3-pip" &
forky=$!
make_root bookworm "siril chromium-headless-shell fonts-dejavu-core" &
bookworm=$!
made=0
wait "$forky" || made=$?
wait "$bookworm" || made=$?
[ "$made" = 0 ] || exit "$made"
PIP_FILES=$(pip_files)
# Absolute paths: Siril is started with a PATH on which there is nothing.
wrapper siril-cli forky /usr/bin/siril-cli
wrapper astap_cli forky /usr/bin/astap_cli
wrapper solve-field forky /usr/bin/solve-field
wrapper build-astrometry-index forky /usr/bin/build-astrometry-index
wrapper siril-cli-1.0 bookworm /usr/bin/siril-cli
wrapper chromium-headless-shell bookworm /usr/bin/chromium-headless-shell
check siril-cli 'siril 1\.[4-9]' --version
check siril-cli-1.0 'siril 1\.0' --version
check chromium-headless-shell 'Chromium' --version
check astap_cli 'ASTAP' -h
check solve-field '0\.[0-9]' --version
check build-astrometry-index 'Astrometry.net' -h
printf '%s\n' "$BIN"
