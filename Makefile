# make up        deploy (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
# make status    how it is; logs, exec and psql look further into it, on this machine and on a server alike
# make test      everything that is tested; make check and make test-unit are the quick parts
STACK ?= dev
.DEFAULT_GOAL := help
SHELL := bash
# Without the startup file, which bash reads where its input looks like a connection.
.SHELLFLAGS := --norc -eu -o pipefail -c
WITH_ENGINE := source toolchain/env.sh &&
WITH_DOCKER := toolchain/with-docker.sh

.PHONY: help up plan drift rollback releases down preview password check format test test-unit test-toolchain test-backend test-e2e bench status logs exec psql unlock engine machine env

help: ## Show what can be done
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

# A stack on a server needs no Docker here, unless images are built here for a registry.
remote = $(shell grep -qsE '^ +mailtracker:serverHost: *[^" ]' Pulumi.$(STACK).yaml && ! grep -qsE '^ +mailtracker:registryAddress: *[^" ]' Pulumi.$(STACK).yaml && echo yes)

# Set on the command line only, never by a variable of the environment that happens to have the name.
SERVICE = $(named)
LINES = 100
FOLLOW =
CMD =
SQL =
YES =
# As they were written, for $ means something in make.
export BERTH_COMMAND = $(value CMD)
export BERTH_SQL = $(value SQL)

# `make logs backend` is short for `make logs SERVICE=backend`: the second word is nothing to make then.
ifneq ($(filter logs exec,$(firstword $(MAKECMDGOALS))),)
named := $(word 2,$(MAKECMDGOALS))
.PHONY: $(named)
$(named): ; @:
endif

up: $(if $(remote),engine,machine) ## Deploy the stack (STACK=dev) and say where it is
	@$(WITH_ENGINE) $(WITH_DOCKER) toolchain/stack.sh up $(STACK)

rollback: engine ## Go back to the release before, or TO=<number>; images on the server, no build
	@$(WITH_ENGINE) $(WITH_DOCKER) env YES="$(YES)" toolchain/stack.sh rollback $(STACK) $(TO)

releases: engine ## List the releases that can be gone back to
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/releases.mts $(STACK)

down: engine ## Take the stack away; its data stays, unless VOLUMES=delete
	@$(WITH_ENGINE) $(WITH_DOCKER) toolchain/stack.sh down $(STACK) $(VOLUMES)

preview: engine ## Show what `make up` would do
	@$(WITH_ENGINE) toolchain/stack.sh preview $(STACK)

status: engine ## Show what runs, since when, how well; disk, release, certificate
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/status.sh $(STACK)

logs: engine ## Show logs of all services, or SERVICE=backend; LINES=500, FOLLOW=1
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/logs.sh $(STACK) "$(SERVICE)" "$(LINES)" "$(FOLLOW)"

exec: engine ## Open a shell in SERVICE=backend, or run CMD='python manage.py check'
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/exec.sh $(STACK) "$(SERVICE)"

psql: engine ## Open psql as the database's owner, or run SQL='select 1' or what is piped in
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/psql.sh $(STACK)

unlock: engine ## Take away the lock a `make up` on another machine has left, after asking (or YES=1)
	@$(WITH_ENGINE) operate/lock.mts unlock $(STACK) $(if $(YES),yes)

drift: engine ## Show what was changed by hand since; `make up` mends it
	@$(WITH_ENGINE) $(WITH_DOCKER) operate/drift.sh show $(STACK)

plan: engine ## Say what a release will do, who notices and why; MARKDOWN=file.md writes it too
	@$(WITH_ENGINE) node operate/plan.mts $(STACK) $(MARKDOWN)

password: engine ## Show the administrator's first password
	@$(WITH_ENGINE) pulumi stack output adminPassword --show-secrets --stack $(STACK)

env: engine ## Print what a shell needs for plain `pulumi`, to be evaluated by it
	@toolchain/env.sh

check: node_modules/.package-lock.json ## Format, lint, types, dead code
	@toolchain/check.sh

format: node_modules/.package-lock.json ## Format everything that has a formatter
	npx biome check --write .

test: check test-unit test-toolchain test-backend test-e2e ## All tests

test-unit: node_modules/.package-lock.json ## Unit tests, with Pulumi's mocks
	npm run --silent test:unit

test-toolchain: engine ## The engine's plugins, where they are ours
	@toolchain/test.sh

test-backend: machine ## The application's tests, in its image, against a real PostgreSQL
	@$(WITH_DOCKER) toolchain/test-backend.sh

test-e2e: machine ## Deployments with the real engine, over real SSH, to real servers
	@toolchain/python-tools.sh
	@toolchain/browser.sh >/dev/null
	@$(WITH_ENGINE) $(WITH_DOCKER) npm run --silent test:e2e

bench: machine ## Measure how fast it is (docs/performance.md), about 8 minutes
	@$(WITH_ENGINE) $(WITH_DOCKER) npm run --silent bench

# What every call needs: packages and the Pulumi engine.
engine: node_modules/.package-lock.json
	@toolchain/pulumi.sh

# What a deployment to this machine and the tests need besides: Docker and the base images.
machine: engine
	@$(WITH_DOCKER) toolchain/docker-engine.sh
	@$(WITH_DOCKER) toolchain/base-images.sh

node_modules/.package-lock.json: package.json package-lock.json
	@echo "Installing npm packages"
	@npm ci --no-progress
	@touch $@
