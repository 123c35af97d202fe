# Two commands matter: `make run` and `make test`. Both do their own set-up.
.DEFAULT_GOAL := help
.PHONY: help run test test-ha test-llm test-noninterference test-faults test-fuzz bench-store bench-guardrails bench-endpoint setup fmt lint tidy audit bench clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and serve: concierge 8000, rag 8001, guardrails 8002, data in ./data
	@.ci/serve

test: ## Run every check and test, with the set-up they need
	@.ci/test

test-llm: ## The model client against llmock and a small real model
	@.ci/test-llm

test-noninterference: ## A hostile language model over 100,000 turns (VOSTRO_NONINTERFERENCE=N: N turns)
	VOSTRO_NONINTERFERENCE=$${VOSTRO_NONINTERFERENCE:-100000} \
	  cargo test --release -p vostro-dialogue --test model -- --nocapture nothing_is_claimed_without_a_yes

test-faults: ## The stores under faults, ten times the size (VOSTRO_FAULTS=N: N times)
	@VOSTRO_FAULTS=$${VOSTRO_FAULTS:-10} .ci/faults

test-ha: ## A primary of three PostgreSQL hosts is lost under load (root; VOSTRO_FAULTS=N: N times)
	@.ci/test-ha

test-fuzz: ## Fuzz the parsers that read the outside, ten minutes each (FUZZ_SECONDS=N: N seconds; FUZZ_TARGETS="a b")
	@.ci/test-fuzz

setup: ## Only get the tools that the tests need
	@.ci/setup

fmt: ## Format the sources
	cargo fmt --all

lint: ## Clippy over everything, warnings are errors
	cargo clippy --workspace --all-targets -- -D warnings

tidy: ## Check the tree against its house rules
	cargo xtask tidy

audit: ## Look through the dependencies (vulnerabilities, licences, bans, sources), then the whole tree
	@.ci/setup deny && .ci/audit && cargo build --locked --quiet --package vostro && .ci/security-audit $${CARGO_TARGET_DIR:-target}/debug/vostro

bench: ## Load tests of the release binary on both stores, report in docs/performance (BENCH_WITHIN=12m)
	@.ci/bench

bench-store: ## Measure both stores: group commit, the money function, pages of history
	@.ci/bench store

bench-guardrails: ## Count the guardrails' instructions under valgrind: short, long, hostile
	@cargo bench --locked --package vostro-guardrails --bench instructions

bench-endpoint: ## The guardrails' endpoint beside a bare JSON echo, processor time a request
	@cargo bench --locked --package vostro-http --bench endpoint

clean: ## Remove what was built and fetched; ./data stays
	cargo clean
	rm -rf .cache
