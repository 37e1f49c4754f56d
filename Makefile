# make up        deploy (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
# make test      everything that is tested; make check and make test-unit are the quick parts
STACK ?= dev
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
WITH_ENGINE := source toolchain/env.sh &&
WITH_DOCKER := toolchain/with-docker.sh

.PHONY: help up down preview plan password check format test test-unit test-toolchain test-backend test-e2e bench engine machine env

help: ## Show what can be done
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

# A stack on a server needs no Docker here, unless images are built here for a registry.
remote = $(shell grep -qsE '^ +mailtracker:serverHost: *[^" ]' Pulumi.$(STACK).yaml && ! grep -qsE '^ +mailtracker:registryAddress: *[^" ]' Pulumi.$(STACK).yaml && echo yes)

up: $(if $(remote),engine,machine) ## Deploy the stack (STACK=dev) and say where it is
	@$(WITH_ENGINE) $(WITH_DOCKER) toolchain/stack.sh up $(STACK)

down: engine ## Take the stack away; its data stays, unless VOLUMES=delete
	@$(WITH_ENGINE) $(WITH_DOCKER) toolchain/stack.sh down $(STACK) $(VOLUMES)

preview: engine ## Show what `make up` would do
	@$(WITH_ENGINE) toolchain/stack.sh preview $(STACK)

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
