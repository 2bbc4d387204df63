# `make run` and `make test` are all that is needed; both set up what is missing by themselves.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

STRICT := --explicit-target-dependency-import-check error
RELEASE := -c release
# Repetitions of ssh-bench; a smoke takes fewer.
RUNS ?= 2000
# Repetitions of every case of lab-test.
LAB_RUNS ?= 1
PREFIX ?= /usr/local

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: bootstrap
bootstrap: ## Install what building needs
	@scripts/bootstrap.sh build

.PHONY: run
run: build ## Build, start Jarvis with no configuration, run a fire drill, keep serving
	@exec .build/release/jarvis serve --drill

.PHONY: build
build: bootstrap ## The release binary, .build/release/jarvis
	@swift build $(RELEASE) $(STRICT) --product jarvis

.PHONY: guard
guard: bootstrap ## The guard as a static binary for hosts, .build/guard/jarvis-guard; ARCH=arm64 for others
	@ARCH='$(ARCH)' GUARD_SDK='$(GUARD_SDK)' GUARD_SODIUM='$(GUARD_SODIUM)' scripts/guard-build

# Not `build` first: root need not have built it.
.PHONY: install
install: ## Copy the release binary to $(PREFIX)/bin
	@test -x .build/release/jarvis || { echo "run 'make build' first" >&2; exit 1; }
	@install -D -m 755 .build/release/jarvis $(DESTDIR)$(PREFIX)/bin/jarvis

.PHONY: install-guard
install-guard: ## Copy the static guard to $(PREFIX)/sbin of this host
	@test -x .build/guard/jarvis-guard || { echo "run 'make guard' first" >&2; exit 1; }
	@install -D -m 755 .build/guard/jarvis-guard $(DESTDIR)$(PREFIX)/sbin/jarvis-guard

.PHONY: test
test: ## Every test, against real sshd, Prometheus and Alertmanager
	@scripts/bootstrap.sh test
	@scripts/test

.PHONY: lint
lint: ## Formatting and shell scripts
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks
	@shellcheck -x scripts/bootstrap.sh scripts/policy-libfuzzer scripts/test scripts/first-run scripts/drill-smoke scripts/guard-build scripts/guard-binary .ci/run Lab/lab Lab/selftest

.PHONY: format
format: ## Format every source file in place
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

.PHONY: test-tsan
test-tsan: ## Every test but the whole program's under the thread sanitizer
	@scripts/bootstrap.sh test
	@mkdir -p .build && clang -O1 -shared -fPIC -Wall -Werror -o .build/tsan-mutex.so scripts/tsan-mutex.c -ldl
	@JARVIS_TEST_PRELOAD=$(CURDIR)/.build/tsan-mutex.so JARVIS_TEST_OPTIONS='--sanitize=thread --scratch-path .build/tsan' \
		scripts/test core queue store http clients hosts guard

.PHONY: generate
generate: ## Embed patterns/*.yaml into the binary's sources
	@scripts/embed-patterns

# Campaigns: what must hold whatever happens. A bounded one of each is part of CI.
KILLS ?= 100
BEDS ?= 1
STORE ?= sqlite
REPLICAS ?= 2
POINTS ?=
CRASHES ?=
SEEDS ?= 20000
FIRST ?= 0
STALLS ?= 8
STOPS ?= 20
SMOKE ?=
HOURS ?= 1
.PHONY: crash-test fault-test undo-test disk-test database-test sim-test storm-test stall-test stop-test soak-test verdict-test
verdict-test: bootstrap ## Ways a fix can look good and not be, in random worlds (SEEDS=150 FIRST=0)
	@swift build --build-tests $(STRICT)
	@Campaigns/verdict-test $(if $(filter file,$(origin SEEDS)),150,$(SEEDS)) --first $(FIRST)
sim-test: bootstrap ## Random worlds under faults, by seed, with no clock (SEEDS=20000 FIRST=0)
	@swift build --build-tests $(STRICT)
	@Campaigns/sim-test $(SEEDS) --first $(FIRST)
storm-test: build ## N different alerts as fast as they are taken, a critical one in the middle (N=100000)
	@scripts/bootstrap.sh test
	@Campaigns/storm-test $(if $(filter-out file,$(origin N)),$(N),100000)
crash-test: build ## SIGKILL at random times, KILLS times; runs add up (KILLS=100 BEDS=1; STORE=postgres REPLICAS=2)
	@scripts/bootstrap.sh test
	@$(if $(filter postgres,$(STORE)),Campaigns/replica-test $(KILLS) --replicas $(REPLICAS) --beds $(BEDS),Campaigns/crash-test $(KILLS) --beds $(BEDS))
stall-test: build ## Stopped for longer than a lease, the clock jumping by an hour, STALLS times (STALLS=8)
	@scripts/bootstrap.sh test
	@swift build $(STRICT) --product jarvis
	@clang -O1 -shared -fPIC -Wall -Werror -o .build/clock-jump.so scripts/clock-jump.c -ldl
	@Campaigns/stall-test $(STALLS)
stop-test: build ## SIGTERM while 64 connections post as fast as they can, STOPS times (STOPS=20)
	@scripts/bootstrap.sh test
	@Campaigns/stop-test $(STOPS)
soak-test: build ## At work for hours while hosts and process fail, its figures flat; runs add up (HOURS=1)
	@scripts/bootstrap.sh test
	@Campaigns/soak-test $(HOURS)
fault-test: build ## Every fault point failed, delayed and crashed; POINTS=n takes a sample
	@scripts/bootstrap.sh test
	@swift build $(STRICT) --product jarvis
	@Campaigns/fault-test $(if $(POINTS),--points $(POINTS))
undo-test: build ## Every action whose undo restores something: broken, repaired, undone, with a crash at each step (CRASHES=n: a sample)
	@scripts/bootstrap.sh test
	@swift build $(STRICT) --product jarvis
	@Campaigns/undo-test $(if $(CRASHES),--crashes $(CRASHES))
disk-test: build ## A disk that is full, read-only, damaged or fails under the server (SMOKE=1: one of each kind)
	@scripts/bootstrap.sh test
	@Campaigns/disk-test $(if $(SMOKE),--smoke)
database-test: build ## A PostgreSQL database that is slow, silent, full of others or gone (SMOKE=1: one of each kind)
	@scripts/bootstrap.sh test
	@Campaigns/database-test $(if $(SMOKE),--smoke)

# Figures. Each ends with one line `name: key=value …` and writes .results/name.json.
.PHONY: first-run
first-run: ## Both README commands in a fresh clone with an empty home
	@scripts/first-run

.PHONY: ssh-bench
ssh-bench: bootstrap ## The SSH executor against bare ssh over the same connection
	@scripts/bootstrap.sh test
	@swift build $(RELEASE) $(STRICT) --product ssh-bench
	@.build/release/ssh-bench --runs $(RUNS)

.PHONY: window-bench
window-bench: bootstrap ## How long after the last look at its claim a command is sent (RUNS=2000)
	@scripts/bootstrap.sh test
	@swift build $(RELEASE) $(STRICT) --product window-bench
	@.build/release/window-bench --runs $(RUNS)

.PHONY: ingest-bench
ingest-bench: bootstrap ## Durable ingest against the bare server, single commits and Alertmanager (STORE=postgres: pgbench)
	@scripts/bootstrap.sh bench $(if $(filter postgres,$(STORE)),test)
	@swift build $(RELEASE) $(STRICT) --product jarvis
	@swift build $(RELEASE) $(STRICT) --product ingest-baselines
	@STORE=$(STORE) scripts/ingest-bench

ROWS ?= 1000000
KEEP ?=
.PHONY: growth-bench
growth-bench: bootstrap ## Ingest and lists of a store with ROWS alerts against an empty one (ROWS=1000000 KEEP=folder)
	@swift build $(RELEASE) $(STRICT) --product growth-bench
	@if [ -n "$(KEEP)" ]; then folder=$(KEEP); else folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; fi; \
		.build/release/growth-bench $(ROWS) "$$folder"

SECONDS_OF_FUZZING ?= 60
# Commands of policy-fuzz; runs add up, see .results/policy-fuzz.state.json.
N ?= 200000
.PHONY: policy-corpus policy-fuzz policy-bench
policy-corpus: bootstrap ## Both corpora of commands through the policy, by technique
	@swift build $(RELEASE) $(STRICT) --product policy-campaign
	@.build/release/policy-campaign corpus
policy-fuzz: bootstrap ## N generated commands against real shells (N=200000)
	@scripts/bootstrap.sh test
	@swift build $(RELEASE) $(STRICT) --product policy-campaign
	@.build/release/policy-campaign fuzz $(N)
.PHONY: policy-libfuzzer
policy-libfuzzer: bootstrap ## libFuzzer with the address sanitizer on the policy (SECONDS_OF_FUZZING=60)
	@scripts/policy-libfuzzer $(SECONDS_OF_FUZZING)
policy-bench: bootstrap ## How long judging takes
	@swift build $(RELEASE) $(STRICT) --product policy-campaign
	@.build/release/policy-campaign bench

.PHONY: idle
idle: build ## Memory and start-up time of an idle server
	@scripts/idle

.PHONY: lab-up lab-status lab-down lab-test
lab-up: ## The homelab in a box (root)
	@Lab/lab up
lab-status: ## What runs in it
	@Lab/lab status
lab-down: ## Remove it, leaving only caches
	@Lab/lab down
lab-test: build ## The whole loop against seven real faults (root)
	@Lab/test --runs $(LAB_RUNS)
.PHONY: lab-field
lab-field: build ## One fault at the intervals people use: 15 s scrapes, for: 1m, group_wait: 30s (root)
	@Lab/test --profile field container_stopped
.PHONY: lab-selftest
lab-selftest: ## Every fault of the lab itself, without Jarvis (root)
	@Lab/selftest
