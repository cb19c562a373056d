# SPDX-License-Identifier: Apache-2.0
#
# make run     builds, starts a private mailbox and the sandbox, and shows the agent at work
# make test    installs what the tests need and passes them
# make build   leaves .build/release/mutabik and, beside it, mutabik-pdf
# make bench   prints the project's figures
# make check   what a change must pass before it is proposed

BIN := .build/release/mutabik

.PHONY: run test build bench check format

build:
	scripts/packages build
	swift build -c release --static-swift-stdlib --product mutabik
	swift build -c release --static-swift-stdlib --product mutabik-pdf

run: build
	scripts/packages run
	scripts/demo $(BIN)

test: build
	scripts/packages test
	swift test --no-parallel

bench: build
	scripts/packages test
	scripts/bench $(BIN)

check:
	swift format lint --strict --recursive Package.swift Sources Tests
	$(MAKE) test

format:
	swift format --in-place --recursive Package.swift Sources Tests
