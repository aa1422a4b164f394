#!/bin/sh
# Makes a Debian package of the command, into a folder.
set -eu
binary=$1
output=$2
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(Scripts/date.sh)
export SOURCE_DATE_EPOCH
version=$(Scripts/version.sh)-0local1
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-The xregioncap authors} <${DEBEMAIL:-xregioncap@example.org}>"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
root=$work/debian/xregioncap
documents=$root/usr/share/doc/xregioncap
Scripts/install.sh "$binary" "$root/usr"
# What Debian's own packages have of it.
strip --remove-section=.comment --remove-section=.note "$root/usr/bin/xregioncap"
mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
install -d "$root/DEBIAN" "$documents"
install -m 644 Packaging/copyright "$documents/copyright"
gzip -9n <CHANGELOG.md >"$documents/changelog.gz"
gzip -9n "$root/usr/share/man/man1/xregioncap.1"
gzip -9n >"$documents/changelog.Debian.gz" <<END
xregioncap ($version) unstable; urgency=medium

  * See changelog.gz.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
END

# The libraries that it needs, in Debian's words. The tool wants the files of a source package.
printf 'Source: xregioncap\n\nPackage: xregioncap\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info debian/xregioncap/usr/bin/xregioncap)
(cd "$root" && find usr -type f -printf '%P\0' | LC_ALL=C sort -z |
  xargs -0 -I{} md5sum usr/{}) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<END
Package: xregioncap
Version: $version
Section: graphics
Priority: optional
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: ${libraries#shlibs:Depends=}
Recommends: ffmpeg, xvfb
Description: capture an X11 screen, a window, or one part of a window
 xregioncap streams what an X11 screen, a monitor or a window shows to a pipe or
 a file. The picture can stay on one part of a window, however that moves, is
 resized, scrolled or covered: no frame shows a strip of what is beside it.
 .
 It runs a command on an X server of its own and films that, takes single
 pictures and compares them, lists what there is to capture, and can be told by
 other programs what to follow while it runs.
END
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$output"
dpkg-deb --build --root-owner-group -Zxz "$root" "$output/xregioncap_${version}_$architecture.deb"
