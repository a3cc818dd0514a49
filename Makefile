# make demo   everything from nothing to a sensitivity and a report, on a toy release
# make test   all tests
# make test-grid   a campaign on a real Slurm and a real HTCondor of this machine (root; skipped with a reason elsewhere)
# make test-sanitize   all tests under the address and the thread sanitizer (long, and not a part of CI)
# make fuzz MINUTES=20   feeds the readers with made-up bytes, each for so long (TARGETS="tables chunk …" for some)
# make test-bundle   the bundle in bare Debian 11, 12 and 13, as a user without rights (root; skipped with a reason elsewhere)
# make test-python   the Python package in a fresh virtual environment with the wheel
# make install     programs, manual pages and completions for bash, zsh and fish, below PREFIX (/usr/local); they run
#                  without the compiler and its libraries
# make documentation    the modules' declarations as pages for a browser, in .build-doc/pages
# make bundle      the programs in one tarball for every x86-64 Linux, without Swift, HDF5 and even a C library
# make wheel       the same for pip, with the Python package
# make release     both, with manual pages and checksums, in the folder release; twice the same source gives the same bytes
# Both install what is missing (Debian packages, as root or with sudo) and build.

SWIFT     ?= swift
PREFIX    ?= /usr/local
MINUTES   ?= 20
DEMO      ?= demo
BUNDLE    ?= trialgen.tar.gz
THREADS   ?= $(shell nproc)
PYTHON    ?= python3

# Tests reach into modules, which costs the optimiser a little: they get a build folder of their own.
BUILD     := .build
TESTS     := .build-test
SANITIZED := .build-sanitize
FUZZ      := .build-fuzz
DOCS      := .build-doc
LIBRARIES := Diagnostics IceTracks ReleaseDownload ToyRelease PointSource Settings TrialStore TrialMaking Inference
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path $(TESTS)

MANUAL    := $(BUILD)/manual
PORTABLE  := $(BUILD)/portable
GNUPLOT   := $(PORTABLE)/gnuplot
VENV      := .build-python
WHEELS    := dist
RELEASED  := release

.PHONY: all build setup test test-grid test-bundle test-python test-sanitize fuzz bundle wheel release demo bench parity manual install uninstall documentation library-example clean

all: build

setup:
	@tools/setup

build: setup
	$(SWIFT) build -c release --scratch-path $(BUILD)

test: setup
	@tools/setup gnuplot-nox curl unzip python3
	$(SWIFT) build --build-tests $(TEST_FLAGS)
	$(SWIFT) test --skip-build --disable-xctest $(TEST_FLAGS)

# Exit code 77: skipped. Built programs are taken from where `make test` left them, or from where `make` did.
test-grid:
	tools/grid/run --build $(firstword $(wildcard $(TESTS)/release $(BUILD)/release) $(BUILD)/release) || test $$? = 77

test-sanitize: setup
	@tools/setup gnuplot-nox curl unzip python3
	tools/sanitize $(SANITIZED) address
	tools/sanitize $(SANITIZED) thread

fuzz: setup
	tools/fuzz $(MINUTES) $(TARGETS)

$(GNUPLOT): tools/portable/gnuplot
	@tools/setup curl
	tools/portable/gnuplot $@

bundle: manual $(GNUPLOT)
	GNUPLOT=$(GNUPLOT) MANUAL=$(MANUAL) tools/bundle $(BUILD)/release $(BUNDLE)

wheel: bundle
	rm -rf $(WHEELS)
	tools/wheel $(BUNDLE) $(WHEELS)

release: manual $(GNUPLOT)
	GNUPLOT=$(GNUPLOT) MANUAL=$(MANUAL) tools/release $(BUILD)/release $(RELEASED)

# Exit code 77: skipped.
test-bundle: bundle
	tools/test-bundle $(BUNDLE) $(BUILD)/release || test $$? = 77

# In the folder python, where there is no package of this name to be imported instead of the wheel's.
test-python: wheel
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install -q "$$(ls $(WHEELS)/*.whl)[test,plot,h5py]"
	cd python && PYTHONDONTWRITEBYTECODE=1 ../$(VENV)/bin/python -m pytest -p no:cacheprovider

demo: build
	tools/setup gnuplot-nox
	tools/demo $(BUILD)/release $(DEMO) $(THREADS)

bench: build
	Benchmarks/run $(BUILD)/release
	Benchmarks/instructions $(BUILD)/release

parity: build
	PATH="$(CURDIR)/$(BUILD)/release:$$PATH" tools/parity/run.sh $(RELEASE)

# The parser that the programs are built with has a program that turns their help into manual pages.
manual: build
	@tools/setup python3 binutils
	$(SWIFT) build -c release --package-path $(BUILD)/checkouts/swift-argument-parser --scratch-path $(BUILD)/parser \
	    --product generate-manual
	rm -rf $(MANUAL)
	tools/manual $(BUILD)/release $(BUILD)/parser/release/generate-manual $(MANUAL)

install: manual
	mkdir -p $(PORTABLE)
	tools/portable/link $(BUILD)/release $(PORTABLE)/trialgen
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(PORTABLE)/trialgen $(DESTDIR)$(PREFIX)/bin
	ln -f $(DESTDIR)$(PREFIX)/bin/trialgen $(DESTDIR)$(PREFIX)/bin/trialmerge
	cp -R $(MANUAL)/share $(DESTDIR)$(PREFIX)

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/trialgen $(DESTDIR)$(PREFIX)/bin/trialmerge
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(shell cd $(MANUAL) 2>/dev/null && find share -type f))

# The plugin builds everything anew, with the flags that write symbols: it gets a folder of its own.
documentation: setup
	TRIALGEN_DOCUMENTATION=1 $(SWIFT) package --scratch-path $(DOCS)/build --allow-writing-to-directory $(DOCS)/pages \
	    generate-documentation --enable-experimental-combined-documentation --output-path $(DOCS)/pages \
	    --transform-for-static-hosting $(addprefix --target ,$(LIBRARIES))

# The package of docs/examples/library, in the build folder of the tests, which has all that it needs but itself.
library-example: setup
	$(SWIFT) build --package-path docs/examples/library $(TEST_FLAGS:$(TESTS)=$(CURDIR)/$(TESTS))
	$(TESTS)/release/first-sensitivity $(TESTS)

clean:
	rm -rf $(BUILD) $(TESTS) $(SANITIZED) $(FUZZ) $(DOCS) $(DEMO) $(BUNDLE) $(VENV) $(WHEELS) $(RELEASED)
