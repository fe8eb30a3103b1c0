# Everything a developer or CI starts. Each phase is a small script in hack/ci; how long it took is printed.
.DEFAULT_GOAL := help
.PHONY: help deps build test check static unit sim mutants dev-test e2e e2e-install generate image release cluster-up cluster-down quickstart quickstart-cluster bench docs clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what building and testing needs (Debian 12, apt; root or sudo)
	@hack/install-deps.sh

build: ## build the programs in build/release
	@hack/install-deps.sh build test
	@hack/ci/build release

test: ## all tests: units with sanitizers, release, rules of the tree, a real cluster (30 to 75 minutes)
	@hack/ci/test

check: ## what must pass before a change lands: make test, thread sanitizer, static analysis, generated files, git is clean
	@hack/ci/test
	@hack/ci/phase unit-tsan hack/ci/unit tsan threads
	@hack/ci/static
	@hack/ci/phase generated hack/ci/generated

static: ## only the static checks: format, tidy, thread safety, links
	@hack/install-deps.sh build test checks
	@hack/ci/static

unit: ## only the unit tests, with address and undefined-behaviour sanitizers
	@hack/install-deps.sh build test
	@hack/ci/unit asan

sim: ## only the simulator: 2,000 random plays full of faults (COREFLOW_SEEDS=n for more, COREFLOW_SEED=n for one, told whole)
	@hack/install-deps.sh build test
	@hack/ci/build release sim_test
	@$(foreach v,COREFLOW_SEEDS COREFLOW_SEED COREFLOW_FIRST_SEED,$(if $($(v)),$(v)=$($(v)))) build/release/tests/sim/sim_test

mutants: ## only the mutants: faults put into the code, each of which the simulator must find (M="no-tombstones" chooses)
	@hack/install-deps.sh build test
	@hack/ci/mutants $(M)

dev-test: build ## only the tests of `coreflow dev`, with the real kubectl (T="-k kills" chooses, COREFLOW_KILLS=200 kills more often)
	@hack/install-deps.sh test cluster
	@hack/ci/dev $(T)

e2e: build ## only the end-to-end tests: brings a cluster up, runs tests/e2e, takes it down (T="-k diamond" chooses)
	@hack/install-deps.sh test cluster
	@hack/ci/e2e $(T)

e2e-install: build ## only the life of an install, on clusters of its own: README, plain YAML, restore, and all from install to uninstall
	@hack/install-deps.sh test cluster
	@hack/ci/e2e -m install

generate: ## write the generated sources and documents anew
	@hack/ci/generate

image: build ## pack the operator's container image into build/image
	@hack/ci/image

release: ## build everything that a release has, in build/release-VERSION (docs/releasing.md)
	@hack/install-deps.sh build test
	@hack/release/programs
	@hack/release/release

cluster-up: ## start a Kubernetes of one node on this machine; prints its kubeconfig
	@hack/install-deps.sh cluster
	@hack/cluster/cluster up

cluster-down: ## stop it
	@hack/cluster/cluster down

quickstart: ## build coreflow and run an example workflow, without a cluster
	@hack/quickstart

quickstart-cluster: ## build CoreFlow and a cluster, run an example workflow in it and leave both up
	@hack/quickstart-cluster

bench: build ## CoreFlow against the bare cluster, and what it costs (tests/bench)
	@hack/install-deps.sh cluster bench
	@tests/bench/run

docs: ## build the documentation site in build/site
	@hack/install-deps.sh docs
	@hack/site/build && echo "look at it: python3 -m http.server --directory build/site"

clean: ## remove build/ (ccache and the cluster's programs stay)
	rm -rf build
