# make up        deploy (STACK=dev: this machine; STACK=prod: the server of Pulumi.prod.yaml)
# make test      everything that is tested; make check and make test-unit are the quick parts
# make help      all the rest
include toolchain/commands.mk

.PHONY: check format docs package test test-all test-unit test-engine test-applications test-stories bench

check: $(PACKAGES) ## Format, lint, types, dead code
	@toolchain/check.sh

format: $(PACKAGES) ## Format everything that has a formatter
	npx biome check --write .

docs: $(PACKAGES) ## The components' reference, into docs/api
	npx typedoc

package: $(PACKAGES) ## Pack the components for projects elsewhere, into dist
	@node toolchain/package.mts

# What leaves processors idle runs side by side; deployments do not.
test: check ## All tests; of long series, such as a kill at each step, a sample
	@$(MAKE) --jobs --no-print-directory test-unit test-engine test-applications
	@$(MAKE) --no-print-directory test-stories

test-all: export BERTH_TEST_ALL := 1
test-all: test ## All tests, with every case of the long series

test-unit: $(PACKAGES) ## Unit tests, with Pulumi's mocks
	npm run --silent test:unit

test-engine: engine ## The engine's plugins, where they are ours
	@offline/test-engine.sh

test-applications: BASE_IMAGES := redis:7-alpine
test-applications: machine ## The applications' own tests, in their images, against real databases
	@$(WITH_DOCKER) toolchain/test-applications.sh

test-stories: BASE_IMAGES := redis:7-alpine rediscommander/redis-commander:latest cloudflare/cloudflared:2026.8.2
test-stories: engine machine ## Deployments with the real engine, over real SSH, to real servers; ONLY=releases for one
	@toolchain/python-tools.sh
	@toolchain/browser.sh >/dev/null
	@eval "$$(berth env)" && $(WITH_DOCKER) npm run --silent test:stories -- $(ONLY)

bench: engine machine ## Measure how fast it is (docs/performance.md), about 30 minutes
	@eval "$$(berth env)" && $(WITH_DOCKER) npm run --silent bench
