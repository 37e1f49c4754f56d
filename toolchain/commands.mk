# The commands of `berth` as targets, for the projects of this repository: each is one line. A project elsewhere uses `npx berth`.
#   make up        deploys (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
STACK ?= dev
.DEFAULT_GOAL := help
SHELL := bash
# Without the startup file, which bash reads when its input is a network connection.
.SHELLFLAGS := --norc -eu -o pipefail -c
TOP := $(dir $(lastword $(MAKEFILE_LIST)))..
PACKAGES := $(TOP)/node_modules/.package-lock.json
WITH_DOCKER := $(TOP)/toolchain/with-docker.sh
export PATH := $(abspath $(TOP)/node_modules/.bin):$(PATH)
BERTH = $(WITH_DOCKER) berth $(1) --stack $(STACK)

.PHONY: help up plan drift rollback releases down preview password status doctor audit maintenance backup backups restore restore-drill logs exec psql update unlock engine machine env

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

# A stack on a server needs no Docker here, unless images are built here for a registry.
remote = $(shell node $(TOP)/toolchain/builds-elsewhere.mts Pulumi.$(STACK).yaml 2>/dev/null)

# Set on the command line only, never by environment variables with the same names.
SERVICE =
LINES =
FOLLOW =
CMD =
SQL =
YES =
DELETE_DATA =
TO =
WHICH =
SAFETY =
OFFSITE =
NO_CACHE =
MARKDOWN =
STATE =
MESSAGE =
LOCK_WAIT =
# Passed unexpanded, since $ has a meaning in make.
export BERTH_COMMAND = $(value CMD)
export BERTH_SQL = $(value SQL)
export BERTH_MESSAGE = $(value MESSAGE)
yes = $(if $(YES),--yes)
wait = $(if $(LOCK_WAIT),--lock-wait $(LOCK_WAIT))

up: engine $(if $(remote),,machine) ## Deploy the stack (STACK=dev) and revert drift; NO_CACHE=1 builds all images from scratch; LOCK_WAIT=15m waits for another deployment
	@$(call BERTH,up) $(if $(NO_CACHE),--no-cache) $(wait)

plan: engine ## Show the impact of a release: downtime, data changes, and why; MARKDOWN=file.md writes it too
	@$(call BERTH,plan) $(if $(MARKDOWN),--markdown $(MARKDOWN))

preview: engine ## Show all changes of `make up` in detail
	@$(call BERTH,preview)

rollback: engine ## Roll back to the previous release, or TO=<number>, after asking (or YES=1)
	@$(call BERTH,rollback) $(TO) $(yes) $(wait)

releases: engine ## List the releases that can be rolled back to
	@$(call BERTH,releases)

down: engine ## Destroy the stack and keep its volumes, after asking (or YES=1); DELETE_DATA=1 on this machine deletes them too
	@$(call BERTH,down) $(yes) $(if $(DELETE_DATA),--delete-data)

status: engine ## Show containers, volumes, disk, backups, site and certificate
	@$(call BERTH,status)

doctor: engine ## Check the prerequisites of a deployment
	@$(call BERTH,doctor)

logs: engine ## Show logs of all services, or SERVICE=backend; LINES=500, FOLLOW=1
	@$(call BERTH,logs) $(if $(LINES),--lines $(LINES)) $(if $(FOLLOW),--follow) $(SERVICE)

exec: engine ## Open a shell in SERVICE=backend, or run CMD='python manage.py check'
	@$(call BERTH,exec) $(SERVICE) $(if $(value CMD),"$$BERTH_COMMAND")

psql: engine ## Open psql as the database's owner, or run SQL='select 1' or piped SQL
	@$(if $(value SQL),printf '%s\n' "$$BERTH_SQL" |) $(call BERTH,psql)

backup: engine ## Take a backup now; OFFSITE=adopt continues the off-site backups of an earlier server
	@$(call BERTH,backup) $(if $(OFFSITE),--adopt-offsite)

backups: engine ## List the backups that can be restored
	@$(call BERTH,backups)

restore: engine ## Restore the newest backup, or WHICH=<id>, after asking (or YES=1)
	@$(call BERTH,restore) $(WHICH) $(yes) $(if $(filter no,$(SAFETY)),--no-safety-backup)

restore-drill: engine ## Prove that the newest backup can be restored, beside the stack
	@$(call BERTH,restore-drill)

audit: engine ## Show who released, rolled back, restored or ran a command in a container
	@$(call BERTH,audit)

maintenance: engine ## Show visitors a maintenance page: STATE=on MESSAGE='Back at 18:00.', or STATE=off
	@$(call BERTH,maintenance) $(STATE) $(if $(value MESSAGE),--message "$$BERTH_MESSAGE")

drift: engine ## Show drift since the last deployment; `make up` reverts it
	@$(call BERTH,drift)

update: engine ## Look for newer base images and write berth.lock
	@$(call BERTH,update)

unlock: engine ## Remove the lock that a deployment on another machine left, after asking (or YES=1)
	@$(call BERTH,unlock) $(yes)

password: engine ## Show the administrator's initial password
	@$(call BERTH,password)

env: engine ## Print the variables for plain `pulumi`, for eval in a shell
	@berth env

# Required by every command: packages and Pulumi, which is built from source when it cannot be downloaded.
engine: $(PACKAGES)
	@$(TOP)/offline/engine.sh

# Also required by deployments to this machine and by tests: Docker and the base images, including a project's BASE_IMAGES.
machine:
	@$(WITH_DOCKER) $(TOP)/toolchain/docker-engine.sh
	@$(WITH_DOCKER) $(TOP)/offline/base-images.sh $(BASE_IMAGES)

$(PACKAGES): $(TOP)/package.json $(TOP)/package-lock.json
	@echo "Installing npm packages"
	@cd $(TOP) && npm ci --no-progress
	@touch $@
