# What one does with a stack, in the folder of its project: its Makefile includes this file.
#   make up        deploy (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
#   make status    how it is; logs, exec and psql look further into it, on this machine and on a server alike
STACK ?= dev
.DEFAULT_GOAL := help
SHELL := bash
# Without the startup file, which bash reads where its input looks like a connection.
.SHELLFLAGS := --norc -eu -o pipefail -c
BERTH := $(dir $(lastword $(MAKEFILE_LIST)))..
OPERATE := $(BERTH)/operate
WITH_ENGINE := source $(BERTH)/toolchain/env.sh &&
WITH_DOCKER := $(BERTH)/toolchain/with-docker.sh

.PHONY: help up plan drift rollback releases down preview password status backup backups restore restore-drill logs exec psql unlock engine machine env

help: ## Show what can be done
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

# A stack on a server needs no Docker here, unless images are built here for a registry.
set_in_stack = $(shell grep -qsE '^ +[a-z0-9-]+:$(1): *[^" ]' Pulumi.$(STACK).yaml && echo yes)
remote = $(if $(call set_in_stack,registryAddress),,$(call set_in_stack,serverHost))

# Set on the command line only, never by a variable of the environment that happens to have the name.
SERVICE = $(named)
LINES = 100
FOLLOW =
CMD =
SQL =
YES =
WHICH =
SAFETY =
OFFSITE =
# As they were written, for $ means something in make.
export BERTH_COMMAND = $(value CMD)
export BERTH_SQL = $(value SQL)

# `make logs backend` is short for `make logs SERVICE=backend`: the second word is nothing to make then.
ifneq ($(filter logs exec,$(firstword $(MAKECMDGOALS))),)
named := $(word 2,$(MAKECMDGOALS))
.PHONY: $(named)
$(named): ; @:
endif

up: engine $(if $(remote),,machine) ## Deploy the stack (STACK=dev) and say where it is
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/deploy.sh up $(STACK)

plan: engine ## Say what a release will do, who notices and why; MARKDOWN=file.md writes it too
	@$(WITH_ENGINE) node $(OPERATE)/plan.mts $(STACK) $(MARKDOWN)

preview: engine ## Show what `make up` would do
	@$(WITH_ENGINE) $(OPERATE)/deploy.sh preview $(STACK)

rollback: engine ## Go back to the release before, or TO=<number>; images on the server, no build
	@$(WITH_ENGINE) $(WITH_DOCKER) env YES="$(YES)" $(OPERATE)/deploy.sh rollback $(STACK) $(TO)

releases: engine ## List the releases that can be gone back to
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/releases.mts $(STACK)

down: engine ## Take the stack away; its data stays, unless the setting deleteData says otherwise
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/deploy.sh down $(STACK)

status: engine ## Show what runs, since when, how well; disk, release, certificate
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/status.sh $(STACK)

logs: engine ## Show logs of all services, or SERVICE=backend; LINES=500, FOLLOW=1
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/logs.sh $(STACK) "$(SERVICE)" "$(LINES)" "$(FOLLOW)"

exec: engine ## Open a shell in SERVICE=backend, or run CMD='python manage.py check'
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/exec.sh $(STACK) "$(SERVICE)"

psql: engine ## Open psql as the database's owner, or run SQL='select 1' or what is piped in
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/psql.sh $(STACK)

backup: engine ## Take a backup now; OFFSITE=adopt goes on with the off-site ones of an earlier server
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/backups.sh $(STACK) backup $(OFFSITE)

backups: engine ## List the backups that can be restored
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/backups.sh $(STACK) list

restore: engine ## Bring the newest backup back, or WHICH=<id>, after asking (or YES=1)
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/restore.sh $(STACK) "$(WHICH)" "$(if $(YES),yes)" "$(SAFETY)"

restore-drill: engine ## Prove that the newest backup can be restored, beside the stack
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/backups.sh $(STACK) drill

drift: engine ## Show what was changed by hand since; `make up` mends it
	@$(WITH_ENGINE) $(WITH_DOCKER) $(OPERATE)/drift.sh show $(STACK)

unlock: engine ## Take away the lock a `make up` on another machine has left, after asking (or YES=1)
	@$(WITH_ENGINE) $(OPERATE)/lock.mts unlock $(STACK) $(if $(YES),yes)

password: engine ## Show the administrator's first password
	@$(WITH_ENGINE) pulumi stack output adminPassword --show-secrets --stack $(STACK)

env: engine ## Print what a shell needs for plain `pulumi`, to be evaluated by it
	@$(BERTH)/toolchain/env.sh

# What every call needs: packages and the Pulumi engine.
engine: $(BERTH)/node_modules/.package-lock.json
	@$(BERTH)/toolchain/pulumi.sh

# What a deployment to this machine and the tests need besides: Docker and the base images, those a project names in
# BASE_IMAGES among them.
machine:
	@$(WITH_DOCKER) $(BERTH)/toolchain/docker-engine.sh
	@$(WITH_DOCKER) $(BERTH)/toolchain/base-images.sh $(BASE_IMAGES)

$(BERTH)/node_modules/.package-lock.json: $(BERTH)/package.json $(BERTH)/package-lock.json
	@echo "Installing npm packages"
	@cd $(BERTH) && npm ci --no-progress
	@touch $@
