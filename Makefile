# The commands of this project; what is longer than a few lines is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test check build portal bench deb test-clients test-portal test-fuzz test-s3-garage test-previews torture clean

# Where `make run` listens and keeps its data.
LISTEN ?= 127.0.0.1:8080
DATA_DIR ?= bindery-data

help: ## Shows this list.
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## Builds, makes the demonstration once, serves it and prints how to call it.
	scripts/needs build run
	$(MAKE) build
	scripts/run "$(LISTEN)" "$(DATA_DIR)"

test: ## Everything that must hold; .ci/run calls this.
	scripts/test

build: ## The program with the developer portal: target/release/bindery.
	scripts/needs build portal
	scripts/build

portal: ## The developer portal, which the program serves at /docs/: docs/portal/dist.
	scripts/needs build portal
	scripts/portal

check: ## Formatting, lints, documentation, licences and sources of dependencies.
	scripts/check

test-clients: ## Only the unmodified client libraries and schemathesis.
	scripts/needs build test
	scripts/python-clients
	cargo test --locked --package bindery --test it clients::

test-portal: ## Only the portal: guides, samples, collections, links, a real browser.
	scripts/needs build test portal
	scripts/python-clients
	scripts/portal --check
	scripts/portal-test

test-fuzz: ## Only the fuzz targets; BINDERY_FUZZ_SECONDS for each (default 2).
	cargo test --locked --package bindery --lib fuzz:: -- --nocapture

test-s3-garage: ## The storage tests on Garage, too, which is built first: over ten minutes.
	scripts/needs build test
	scripts/test-s3-garage

test-previews: ## Only previews, and a table of what becomes of each sample file; pictures in target/previews.
	cargo test --locked --package bindery-preview
	cargo run --locked --package bindery-preview -- corpus tests/data/files target/previews

bench: ## Speed and memory, each against what it is compared with; results under docs/benchmarks/.
	scripts/needs build bench
	scripts/bench

torture: ## The long forms of tests: hours.
	scripts/torture

deb: ## A Debian package: target/debian/bindery_VERSION_ARCH.deb.
	scripts/needs build deb
	$(MAKE) build
	scripts/deb

clean: ## Removes what was built; data stays.
	cargo clean
