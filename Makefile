# make up        deploy (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
# make test      all tests; make check and make test-unit are the quick parts
# make help      all other commands
include toolchain/commands.mk

.PHONY: check format docs package test test-all test-unit test-engine test-applications test-stories bench

check: $(PACKAGES) ## Format, lint, types, dead code
	@toolchain/check.sh

format: $(PACKAGES) ## Format the sources
	npx biome check --write .

docs: $(PACKAGES) ## Generate the components' reference in docs/api
	npx typedoc

package: $(PACKAGES) ## Pack the components for projects elsewhere, into dist
	@node toolchain/package.mts

# Targets that leave processors idle run in parallel; deployments do not.
test: check ## All tests except extended ones; of long series, such as a kill at each step, a sample
	@$(MAKE) --jobs --no-print-directory test-unit test-engine test-applications
	@$(MAKE) --no-print-directory test-stories

test-all: export BERTH_TEST_ALL := 1
test-all: test ## All tests: the extended ones and every case of long series too

test-unit: $(PACKAGES) ## Unit tests, with Pulumi's mocks
	npm run --silent test:unit

test-engine: engine ## Tests of the Pulumi plugins built from source
	@offline/test-engine.sh

test-applications: BASE_IMAGES := redis:7-alpine
test-applications: machine ## The applications' tests, in their images, against real databases
	@$(WITH_DOCKER) toolchain/test-applications.sh

test-stories: BASE_IMAGES := redis:7-alpine rediscommander/redis-commander:latest cloudflare/cloudflared:2026.8.2 debian:trixie-slim prom/node-exporter:v1.10.2 prometheuscommunity/postgres-exporter:v0.18.1 oliver006/redis_exporter:v1.80.1-alpine $(if $(BERTH_TEST_ALL),debian:bullseye-slim)
test-stories: engine machine ## Deployments with the real engine, over SSH, to real servers; ONLY=releases for one
	@toolchain/python-tools.sh
	@toolchain/browser.sh >/dev/null
	@toolchain/prometheus.sh >/dev/null
	@eval "$$(berth env)" && $(WITH_DOCKER) npm run --silent test:stories -- $(if $(BERTH_TEST_ALL),,--tagsFilter='!extended') $(ONLY)

bench: engine machine ## Run the benchmarks (docs/performance.md), about 30 minutes
	@eval "$$(berth env)" && $(WITH_DOCKER) npm run --silent bench
