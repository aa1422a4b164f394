#!/usr/bin/env bash
# Looks at a Debian package, and tries it in a root of its own with nothing else in it: installs it,
# takes a picture of a display there, and removes it. Needs root and a Debian mirror.
set -euo pipefail
package=$(find "$1" -name 'xregioncap_*.deb' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" -eq 0 ] || { echo "check-deb: run it as root, for debootstrap and chroot" >&2; exit 1; }

say() { printf '\n== %s\n' "$*"; }
say "lintian $package"
lintian --fail-on error --display-info --tag-display-limit 0 --allow-root "$package"

root=$(mktemp -d)
chmod 755 "$root"
trap 'umount -q "$root/dev/pts" "$root/proc" || true; rm -rf --one-file-system "$root"' EXIT
say "a clean $suite"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >/dev/null
cp /etc/resolv.conf "$root/etc/"
mount -t proc proc "$root/proc"
mount -t devpts devpts "$root/dev/pts"
inside() {
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
    DEBIAN_FRONTEND=noninteractive "$@"
}
files() { inside find / -xdev \( -path /proc -o -path /dev -o -path /tmp \) -prune -o -print | sort; }

# Manuals are left out of small roots; this one is looked for.
rm -f "$root"/etc/dpkg/dpkg.cfg.d/*
inside apt-get update -qq
inside apt-get install -qq --no-install-recommends xvfb man-db >/dev/null
cp "$package" "$root/tmp/xregioncap.deb"
# What it brings along stays, to see what of itself does.
depends=$(dpkg-deb --field "$package" Depends | sed 's/([^)]*)//g; s/,/ /g; s/|[^ ]*//g')
# shellcheck disable=SC2086 # a list of words
inside apt-get install -qq --no-install-recommends $depends >/dev/null
files >"$root/tmp/before"

say "install"
inside apt-get install -y --no-install-recommends /tmp/xregioncap.deb | tail -n 3
inside dpkg -L xregioncap
say "run"
inside xregioncap --version
inside ldd /usr/bin/xregioncap | sort
inside man -w xregioncap
inside sh -c 'man xregioncap | head -n 4'
inside bash -c 'exec 3>&1
  Xvfb -displayfd 1 -screen 0 320x240x24 -nolisten tcp 2>/dev/null >/tmp/display &
  server=$!
  until [ -s /tmp/display ]; do sleep 0.1; done
  export DISPLAY=:$(cat /tmp/display)
  xregioncap doctor
  xregioncap shot -g 50x40+10+20 -f pam -o /tmp/shot.pam && head -c 60 /tmp/shot.pam | head -n 7
  xregioncap -n 3 -r 100 -o /tmp/film.y4m && head -n 1 /tmp/film.y4m
  kill $server; wait $server'

say "remove"
inside apt-get purge -y xregioncap | tail -n 2
files >"$root/tmp/after"
# apt's and dpkg's own, which any package changes.
if diff "$root/tmp/before" "$root/tmp/after" | grep '^[<>]' | grep -v '/var/\(lib/dpkg\|lib/apt\|cache\|log\)/'
then
  echo "check-deb: these were left behind, or are gone" >&2
  exit 1
fi
echo "nothing is left behind"
