# make demo   everything from nothing to a sensitivity, on a toy release
# make test   all tests
# make test-grid   a campaign on a real Slurm and a real HTCondor of this machine (root; skipped with a reason elsewhere)
# make bundle      the programs with all their libraries in one tarball, for machines without Swift and HDF5
# Both install what is missing (Debian packages, as root or with sudo) and build.

SWIFT     ?= swift
PREFIX    ?= /usr/local
DEMO      ?= demo
BUNDLE    ?= trialgen.tar.gz
THREADS   ?= $(shell nproc)

# Tests reach into modules, which costs the optimiser a little: they get a build folder of their own.
BUILD     := .build
TESTS     := .build-test
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path $(TESTS)

.PHONY: all build setup test test-grid bundle demo bench parity install clean

all: build

setup:
	@tools/setup

build: setup
	$(SWIFT) build -c release --scratch-path $(BUILD)

test: setup
	@tools/setup curl unzip python3
	$(SWIFT) build --build-tests $(TEST_FLAGS)
	$(SWIFT) test --skip-build --disable-xctest $(TEST_FLAGS)

# Exit code 77: skipped. Built programs are taken from where `make test` left them, or from where `make` did.
test-grid:
	tools/grid/run --build $(firstword $(wildcard $(TESTS)/release $(BUILD)/release) $(BUILD)/release) || test $$? = 77

bundle: build
	tools/setup patchelf
	tools/bundle $(BUILD)/release $(BUNDLE)

demo: build
	tools/demo $(BUILD)/release $(DEMO) $(THREADS)

bench: build
	Benchmarks/run $(BUILD)/release
	Benchmarks/instructions $(BUILD)/release

parity: build
	PATH="$(CURDIR)/$(BUILD)/release:$$PATH" tools/parity/run.sh $(RELEASE)

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/release/trialgen $(BUILD)/release/trialmerge $(DESTDIR)$(PREFIX)/bin

clean:
	rm -rf $(BUILD) $(TESTS) $(DEMO) $(BUNDLE)
