# SPDX-License-Identifier: Apache-2.0
#
# make run     builds, starts a private mailbox and the sandbox, and shows the agent at work
# make test    installs what the tests need and passes them
# make build   leaves .build/release/mutabik and, beside it, mutabik-pdf
# make bench   prints the project's figures
# make season  prints what the agent makes of invented seasons
# make check   what a change must pass before it is proposed

BIN := .build/release/mutabik

.PHONY: run test build bench season check format

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

# Seeds from SEED on; the table of each, and what a person had to touch.
SEED ?= 1
SEASONS ?= 3

season:
	scripts/packages build
	swift build -c release --product season-table
	.build/release/season-table rules $(SEED) 1000 $(SEASONS)

check:
	swift format lint --strict --recursive Package.swift Sources Tests
	$(MAKE) test

format:
	swift format --in-place --recursive Package.swift Sources Tests
