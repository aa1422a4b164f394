#!/bin/sh
# Makes an archive with the command and all that belongs to it, to be unpacked into /usr/local, in a
# folder. The archives of libraries that are linked into the command are named behind that.
set -eu
binary=$1
output=$2
shift 2
cd "$(dirname "$0")/.."
version=$(Scripts/version.sh)
name=xregioncap-$(echo "$version" | tr '~+' '--')-linux-$(uname -m)
time=$(Scripts/date.sh)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
Scripts/install.sh "$binary" "$work/$name"
install -m 644 README.md LICENSE CHANGELOG.md "$work/$name"
# What is linked in is passed on, and with it the notices of those who wrote it.
documents=$work/$name/share/doc/xregioncap
install -d "$documents"
install -m 644 Packaging/copyright "$documents"
for archive in "$@"; do
  owner=$(dpkg-query --search "$(realpath "$archive")")
  package=${owner%%:*}
  install -m 644 "/usr/share/doc/$package/copyright" "$documents/copyright.$package"
done
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
