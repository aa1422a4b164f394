# What there is to do. `make` alone lists it.

PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE = --configuration release --static-swift-stdlib --disable-local-rpath --product xregioncap

# Linked from archives where all are there: 17 libraries less have to be found and bound at a start,
# a seventh of the time until the first frame.
ARCHIVES = stdc++ yuv jpeg png16 z X11 X11-xcb xcb-shm Xi Xext Xfixes Xrandr Xdamage Xcomposite Xrender xcb Xau Xdmcp
archive = $(filter /%,$(shell cc -print-file-name=lib$(1).a 2>/dev/null))
FOUND = $(foreach name,$(ARCHIVES),$(call archive,$(name)))
MISSING = $(strip $(foreach name,$(ARCHIVES),$(if $(call archive,$(name)),,lib$(name).a)))
ALL_FOUND = $(if $(MISSING),,$(FOUND))

# Said of the binary by --version; nothing where the sources are no clone.
COMMIT = $(shell test -e .git && git describe --always --dirty --abbrev=7 --exclude='*' 2>/dev/null)

# Compiles once and links with the archives named: libraries are looked for among them first.
define compile
	rm -rf .build/archives && mkdir -p .build/archives
	$(if $(1),ln -s $(1) .build/archives)
	XREGIONCAP_COMMIT="$(COMMIT)" $(SWIFT) build $(RELEASE) -Xswiftc -use-ld=lld \
		-Xswiftc -L$(CURDIR)/.build/archives $(if $(1),$(addprefix -Xlinker -l,$(ARCHIVES)))
endef
BINARY = "$$($(SWIFT) build $(RELEASE) --show-bin-path)/xregioncap"

BUILD_PACKAGES = libx11-dev libxext-dev libxrandr-dev libxfixes-dev libxdamage-dev \
	libxcomposite-dev libxi-dev libx11-xcb-dev libxcb1-dev libxcb-shm0-dev libyuv-dev libpng-dev
RUN_PACKAGES = xvfb xterm ffmpeg
TEST_PACKAGES = pv twm x11-apps x11-xserver-utils xdotool imagemagick netpbm gcc xauth util-linux \
	libxrender-dev
DEB_PACKAGES = dpkg-dev lintian debootstrap
BENCH_PACKAGES = gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gcc python3

# One folder is built in, with archives and without.
.NOTPARALLEL:
.PHONY: help demo build test check bench install uninstall deb check-deb tarball clean picture \
	archives \
	packages-build packages-demo packages-test packages-bench packages-deb

help:
	@echo 'make demo            install what is missing, build, film an xterm: demo.mp4, demo.png'
	@echo 'make test            install what is missing, run every test'
	@echo 'make build           build the release binary'
	@echo 'make check           lint, and build with warnings as errors'
	@echo 'make bench           measure beside ffmpeg and GStreamer: Benchmarks/RESULTS.md [QUICK=1]'
	@echo 'make install         install command, man page, completions [PREFIX=$(PREFIX)] [DESTDIR=]'
	@echo 'make uninstall       remove what was installed [PREFIX=$(PREFIX)] [DESTDIR=]'
	@echo 'make deb             build a Debian package: dist/*.deb'
	@echo 'make check-deb       the same, looked at by lintian, tried and removed in a root of its own'
	@echo 'make tarball         build an archive for any Linux of this age: dist/*.tar.gz'
	@echo 'make picture         film the picture of the README anew'
	@echo 'make clean           remove what was built'

demo: packages-demo build
	Scripts/demo.sh $(BINARY)

build: packages-build
	$(call compile,$(ALL_FOUND))

test: packages-test
	$(SWIFT) build --build-tests
	SWIFT="$(SWIFT)" Scripts/test.sh

check: packages-build
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples
	CI=true $(SWIFT) build

bench: packages-bench build
	Benchmarks/run --xregioncap $(BINARY)

install: build
	Scripts/install.sh $(BINARY) "$(DESTDIR)$(PREFIX)"

uninstall:
	Scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

# With Debian's libraries, which it keeps up to date, and not with what is in archives.
deb: packages-deb
	$(call compile)
	Scripts/deb.sh $(BINARY) dist

check-deb: packages-deb deb
	Scripts/check-deb.sh dist

tarball: archives build
	Scripts/tarball.sh $(BINARY) dist $(FOUND)

# A binary that needs libraries would run on few systems.
archives: packages-build
	@$(if $(MISSING),echo 'make tarball: these archives are missing: $(MISSING)' >&2; exit 1)

picture: packages-test build
	Scripts/picture.sh $(BINARY) docs/picture.png

clean:
	rm -rf .build dist demo.mp4 demo.png

packages-build:
	@Scripts/packages.sh $(BUILD_PACKAGES)

packages-demo:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES)

packages-test:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)

packages-bench:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(BENCH_PACKAGES)

packages-deb:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(DEB_PACKAGES)
