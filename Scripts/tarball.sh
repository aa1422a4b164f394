#!/bin/sh
# Makes an archive with the command and all that belongs to it, to be unpacked into /usr/local.
set -eu
binary=$1
output=$2
cd "$(dirname "$0")/.."
version=$(Scripts/version.sh)
name=xregioncap-$(echo "$version" | tr '~+' '--')-linux-$(uname -m)
time=$(Scripts/date.sh)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
Scripts/install.sh "$binary" "$work/$name"
install -m 644 README.md LICENSE CHANGELOG.md "$work/$name"
libraries=$(objdump -p "$binary" | sed -n 's/^ *NEEDED *//p' | tr '\n' ' ')
cat >"$work/$name/INSTALL" <<END
cp -R bin share /usr/local/     (or ~/.local/)

Needs Linux with glibc $(objdump -T "$binary" | grep -o 'GLIBC_2[.0-9]*' | sort -Vu |
  tail -n 1 | sed s/GLIBC_//) or newer, and of libraries: ${libraries% }
END
mkdir -p "$output"
tar --create --use-compress-program='gzip -9n' --file "$output/$name.tar.gz" --directory "$work" --sort=name \
  --owner=0 --group=0 --numeric-owner --mtime="@$time" "$name"
echo "$output/$name.tar.gz"
