# A thin face over Meson and Ninja. `make help` lists what there is.
T ?=

.PHONY: all build run test test-sanitize test-threads test-long test-vm fuzz bench bench-live lint format clean help install

all: build

build:		## build build/proctor, installing what is missing
	@tools/install-packages build
	@tools/build build all

run: build	## scan the captures that the project ships
	@echo "run        build/proctor scan tests/captures"
	@build/proctor scan tests/captures || [ $$? -eq 1 ] # 1: something found

test:		## build and run every test (T=PATTERN: only those whose name matches)
	@tools/install-packages build test
	@tools/build build tests
	@CC=clang tools/build build-fuzz tests -Dfuzz=true
	@tools/run-tests build $(T)

test-sanitize:	## the same tests with AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/install-packages build test
	@tools/build build-sanitize tests -Db_sanitize=address,undefined -Db_lundef=false
	@tools/run-tests build-sanitize $(T)

test-threads:	## the tests of what runs in threads, with ThreadSanitizer
	@tools/install-packages build test
	@tools/build build-threads 'tests/test_source_ahead tests/test_sieve_index' -Db_sanitize=thread -Db_lundef=false
	@TSAN_OPTIONS=exitcode=99 setarch -R tools/run-tests build-threads unit/test_source_ahead unit/test_sieve_index suite/source_threads

test-long:	## the tests that take minutes
	@tools/install-packages build test
	@tools/build build tests
	@CC=clang tools/build build-fuzz tests -Dfuzz=true
	@tools/run-tests --long build $(T)

test-vm:	## the drill on Debian's kernel 6.1, in a virtual machine without KVM; a part of test-long
	@tools/install-packages build test
	@tools/build build tests
	@if tests/vm/parts.sh build >build/.vm || ! grep '^skip' build/.vm; then tools/run-tests --long build long/live/vm.sh; fi

fuzz:		## every fuzzer for FUZZ_SECONDS (60) each
	@tools/install-packages build test
	@CC=clang tools/build build-fuzz tests -Dfuzz=true
	@JOBS=2 tools/fuzz $${FUZZ_SECONDS:-60} $(T)

bench:		## measure speed and memory beside other tools, and write docs/benchmarks.md
	@tools/install-packages build test
	@tools/build build tests
	@SRC=$(CURDIR) BUILD=$(CURDIR)/build PROCTOR=$(CURDIR)/build/proctor tests/bench/bench.sh

bench-live:	## cost of the live sensors on this kernel: each open, latency, rate, at rest, memory
	@tools/install-packages build test
	@tools/build build tests
	@SRC=$(CURDIR) BUILD=$(CURDIR)/build PROCTOR=$(CURDIR)/build/proctor tests/bench/live.sh

lint:		## clang-format, clang-tidy, cppcheck and the floors
	@tools/install-packages build test lint
	@CC=clang tools/build build-clang tests
	@tools/lint build-clang

format:		## lay the sources out as .clang-format says
	@tools/install-packages build test lint
	@find src tests -name '*.[ch]' | xargs clang-format -i

install: build	## install under PREFIX (/usr/local); DESTDIR is honoured
	@meson configure build -Dprefix=$${PREFIX:-/usr/local} && meson install -C build

clean:		## remove everything that was built
	@rm -rf build build-*

help:		## this list
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
