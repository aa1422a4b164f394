# What there is to do. `make` alone lists it.

PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE = --configuration release --static-swift-stdlib --product xregioncap

# Linked from archives where all are there: 17 libraries less have to be found and bound at a start,
# a seventh of the time until the first frame.
ARCHIVES = stdc++ yuv jpeg png16 z X11 X11-xcb xcb-shm Xi Xext Xfixes Xrandr Xdamage Xcomposite Xrender xcb Xau Xdmcp
archive = $(filter /%,$(shell cc -print-file-name=lib$(1).a 2>/dev/null))
FOUND = $(foreach name,$(ARCHIVES),$(call archive,$(name)))
LINK = $(if $(filter $(words $(ARCHIVES)),$(words $(FOUND))),-Xswiftc -use-ld=lld \
	-Xswiftc -L$(CURDIR)/.build/archives $(addprefix -Xlinker -l,$(ARCHIVES)))

BUILD_PACKAGES = libx11-dev libxext-dev libxrandr-dev libxfixes-dev libxdamage-dev \
	libxcomposite-dev libxi-dev libx11-xcb-dev libxcb1-dev libxcb-shm0-dev libyuv-dev libpng-dev
RUN_PACKAGES = xvfb xterm ffmpeg
TEST_PACKAGES = pv twm x11-apps x11-xserver-utils xdotool imagemagick netpbm gcc xauth util-linux \
	libxrender-dev
BENCH_PACKAGES = gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gcc python3

.PHONY: help demo build test check bench install clean picture packages-build packages-demo \
	packages-test packages-bench

help:
	@echo 'make demo            install what is missing, build, film an xterm: demo.mp4, demo.png'
	@echo 'make test            install what is missing, run every test'
	@echo 'make build           build the release binary'
	@echo 'make check           lint, and build with warnings as errors'
	@echo 'make bench           measure beside ffmpeg and GStreamer: Benchmarks/RESULTS.md [QUICK=1]'
	@echo 'make install         install binary and man page [PREFIX=$(PREFIX)] [DESTDIR=]'
	@echo 'make picture         film the picture of the README anew'
	@echo 'make clean           remove what was built'

demo: packages-demo build
	Scripts/demo.sh "$$($(SWIFT) build $(RELEASE) --show-bin-path)/xregioncap"

build: packages-build
	$(if $(LINK),mkdir -p .build/archives && ln -sf $(FOUND) .build/archives)
	$(SWIFT) build $(RELEASE) $(LINK)

test: packages-test
	$(SWIFT) build --build-tests
	SWIFT="$(SWIFT)" Scripts/test.sh

check: packages-build
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Examples
	CI=true $(SWIFT) build

bench: packages-bench build
	Benchmarks/run --xregioncap "$$($(SWIFT) build $(RELEASE) --show-bin-path)/xregioncap"

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/man/man1"
	install -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/xregioncap" \
		"$(DESTDIR)$(PREFIX)/bin/xregioncap"
	strip "$(DESTDIR)$(PREFIX)/bin/xregioncap"
	install -m 644 man/xregioncap.1 "$(DESTDIR)$(PREFIX)/share/man/man1/xregioncap.1"

picture: packages-test build
	Scripts/picture.sh "$$($(SWIFT) build $(RELEASE) --show-bin-path)/xregioncap" docs/picture.png

clean:
	rm -rf .build demo.mp4 demo.png

packages-build:
	@Scripts/packages.sh $(BUILD_PACKAGES)

packages-demo:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES)

packages-test:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)

packages-bench:
	@Scripts/packages.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(BENCH_PACKAGES)
