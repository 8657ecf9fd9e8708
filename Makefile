# The only way in. `make` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

# ---- What is installed, and where ------------------------------------------------------------------------------------

# Tools are kept per user and per version, so that a fresh clone needs none of them again.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/zhangshangban/tools

CARGO_LEPTOS := 0.3.11
BINARYEN := 132.0.0
CWT := 3.3.0
LIGHTHOUSE := 12.8.2
# The tool must be the library's version to the last digit.
WASM_BINDGEN := $(shell sed -n 's/^wasm-bindgen = "=\(.*\)"$$/\1/p' Cargo.toml)

CARGO_LEPTOS_DIR := $(CACHE)/cargo-leptos-$(CARGO_LEPTOS)
WASM_BINDGEN_DIR := $(CACHE)/wasm-bindgen-$(WASM_BINDGEN)
BINARYEN_DIR := $(CACHE)/binaryen-$(BINARYEN)
CWT_DIR := $(CACHE)/cwt-$(CWT)
LIGHTHOUSE_DIR := $(CACHE)/lighthouse-$(LIGHTHOUSE)

# A Debian package and the file that shows that it, or something as good, is there.
DEBIAN := \
	chromium:/usr/bin/chromium \
	fonts-wqy-microhei:/usr/share/fonts/truetype/wqy/wqy-microhei.ttc \
	postgresql-15:/usr/lib/postgresql/15/bin/initdb \
	zbar-tools:/usr/bin/zbarimg \
	poppler-utils:/usr/bin/pdftoppm

# binaryen first: an older wasm-opt of the system breaks wasm-bindgen's tables.
export PATH := $(BINARYEN_DIR)/node_modules/.bin:$(CARGO_LEPTOS_DIR)/bin:$(WASM_BINDGEN_DIR)/bin:$(PATH)
export CWT_PYTHON := $(CWT_DIR)/bin/python
export LIGHTHOUSE_DIR
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

# On CI the lock file is law, and nothing is compiled twice.
# Nobody debugs there, and without tables of lines there is less to write and to link.
ifdef CI
LOCKED := --locked
export CARGO_INCREMENTAL := 0
export CARGO_PROFILE_DEV_DEBUG := 0
endif

# All crates at once, so that they share one set of compiled dependencies; `server` switches on `app`'s feature ssr.
NATIVE := -p app -p verifier -p screener -p server

# ---- Using it --------------------------------------------------------------------------------------------------------

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build what changed, create the database, load sample data, serve; PORT=3001, PHONE=1 to try it on a phone
	@port=$(or $(PORT),3000)
	if [[ -n "$(PHONE)" ]]; then
		ip="$(IP)"
		# The address that this machine would use towards another network; nothing is sent.
		[[ -n $$ip ]] || ip=$$(ip -4 route get 198.51.100.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p') || true
		[[ -n $$ip ]] || ip=$$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 '^[0-9.]*$$') || true
		if [[ -z $$ip ]]; then
			echo "run: this machine's address in the local network is not to be found; name it: make run PHONE=1 IP=192.168.1.5" >&2
			exit 1
		fi
		export XW_ADDR=0.0.0.0:$$port XW_BASE_URL=http://$$ip:$$port
	else
		export XW_ADDR=$${XW_ADDR:-127.0.0.1:$$port} XW_BASE_URL=$${XW_BASE_URL:-http://localhost:$$port}
	fi
	if (exec 3<>/dev/tcp/127.0.0.1/$${XW_ADDR##*:}) 2>/dev/null; then
		echo "run: port $${XW_ADDR##*:} is in use; stop what uses it, or take another: make run PORT=3001" >&2
		exit 1
	fi
	target/release/server migrate
	target/release/server demo
	printf '%s\n' "" \
		"  掌上办 is at  $$XW_BASE_URL  (stop it with Ctrl-C; what it stores is in ./data)" "" \
		"  Try this:" \
		"    1. 救助 → 临时救助: read who may apply, then 开始申请; one question a page." \
		"    2. Make mistakes: every error is listed, nothing typed is lost. Leave, come back: the draft is there." \
		"    3. Submit. The confirmation has a QR code: scan it, or open its address; another phone can check it." \
		"    4. Switch on 长辈版 at the top. Switch JavaScript off in the browser: everything still works." \
		"    5. $$XW_BASE_URL/_kit shows every component in every state." \
		"    6. Sign in as staff at $$XW_BASE_URL/staff/sign-in: the sample accounts stand on the page." ""
	if [[ -n "$(PHONE)" ]]; then
		printf '%s\n' \
			"  On a phone in the same network open  $$XW_BASE_URL" \
			"  The QR codes hold this address; forms sent from any other are refused, on this computer too." \
			"  It is plain http: browsers allow the camera (scanning), the offline check and the passkey only with https." \
			"  Anyone in this network can open it." ""
	fi
	exec target/release/server serve

.PHONY: dev
dev: setup-build ## debug build, rebuilt and restarted on every change; the modules of single pages as they are now
	node app/modules.mjs
	cargo leptos watch -- serve

.PHONY: build
build: setup-build ## target/release/server and the site in target/site; nothing when nothing changed
	@stamp=target/built.txt
	# By content, so that a deleted or restored file counts too.
	sources() {
		{
			printf '%s\n' $(CARGO_LEPTOS) $(WASM_BINDGEN) $(BINARYEN)
			find app server style public Cargo.toml Cargo.lock rust-toolchain.toml -path server/tests -prune -o -path app/fuzz -prune -o -type f -print0 |
				LC_ALL=C sort -z | xargs -0 sha256sum
		} | sha256sum
	}
	# `make dev` writes into target/site as well.
	outputs() {
		find target/site target/release/server target/release/hash.txt -type f -print0 |
			LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
	}
	before=$$(sources)
	if [[ -e target/release/server && -e target/release/hash.txt && -d target/site && -e $$stamp ]] &&
		[[ $$(cat $$stamp) == "$$before $$(outputs)" ]]; then
		echo "build: nothing changed"
		exit 0
	fi
	cargo leptos build --release --precompress $(if $(CI),--cargo-locked)
	node app/modules.mjs $(LOCKED)
	echo "$$before $$(outputs)" > $$stamp

.PHONY: clean
clean: ## remove what was built and tested; ./data, what `make run` stored, stays
	@rm -rf target end2end/out end2end/test-results end2end/playwright-report
	if [[ -e data ]]; then echo "clean: ./data is kept; remove it by hand to start afresh"; fi

# ---- Checking it -----------------------------------------------------------------------------------------------------

# In this order: what fails fast and shares its compiled dependencies comes first.
TEST_PARTS := setup format clippy-hydrate clippy docs tests-compile tests build size e2e

.PHONY: test
test: ## everything that CI checks, each part timed
	@table=
	total=$$SECONDS
	for part in $(TEST_PARTS); do
		printf '\n==== %s\n' "$$part"
		began=$$SECONDS
		if $(MAKE) "$$part"; then result=passed; else result=FAILED; fi
		table+=$$(printf '  %-15s %5d s  %s' "$$part" $$((SECONDS - began)) "$$result")$$'\n'
		if [[ $$result == FAILED ]]; then break; fi
	done
	printf '\n==== parts\n%s  %-15s %5d s\n\n' "$$table" total $$((SECONDS - total))
	if [[ $$result == FAILED ]]; then
		echo "test: the part $$part failed; try again with: make $$part" >&2
		exit 1
	fi
	echo "test: every part passed"

.PHONY: fmt
fmt: ## format the Rust code
	cargo fmt --all

.PHONY: format
format: setup-rust ## is the Rust code formatted?
	cargo fmt --all --check

.PHONY: clippy
clippy: setup-rust ## lint app (as ssr), server and their tests, warnings denied
	cargo clippy $(LOCKED) $(NATIVE) --all-targets -- -D warnings

.PHONY: clippy-hydrate
clippy-hydrate: setup-rust ## lint app as the browser's half, and the modules of single pages, warnings denied
	cargo clippy $(LOCKED) -p app --features hydrate --target wasm32-unknown-unknown -- -D warnings
	cargo clippy $(LOCKED) -p verifier -p screener --bins --target wasm32-unknown-unknown -- -D warnings

.PHONY: docs
docs: setup-rust ## build the documentation, warnings denied
	RUSTDOCFLAGS="-D warnings" cargo doc $(LOCKED) $(NATIVE) --no-deps

.PHONY: tests-compile
tests-compile: setup-rust
	cargo test $(LOCKED) $(NATIVE) --no-run

.PHONY: tests
tests: setup-rust setup-test ## unit, property, store and HTTP tests; stores on SQLite and a private PostgreSQL; ONLY=name
	server/tests/postgres.sh cargo test $(LOCKED) $(NATIVE) $(ONLY)

.PHONY: size
size: ## weigh the built scripts, wasm and stylesheet against their budgets
	node end2end/size.mjs

.PHONY: e2e
e2e: setup-test build ## the journeys in Chromium against the release build, then the HTML validator; ONLY=file
	cd end2end
	rm -rf out
	node_modules/.bin/playwright test $(ONLY)
	node tools/vnu.mjs out/html

.PHONY: bench
bench: setup-test setup-bench build ## measure start, memory, page weight, LCP and confirmations against their budgets
	node end2end/tools/bench.mjs

.PHONY: soak
soak: setup-test build ## bounded load on this machine: no error, no leak, a clean stop; SOAK_SECONDS=60
	server/tests/postgres.sh cargo test $(LOCKED) -p server --features soak -- --nocapture marriage_model
	node end2end/tools/soak.mjs $(or $(SOAK_SECONDS),60)
	server/tests/postgres.sh cargo test $(LOCKED) -p server --features soak -- --nocapture audit::soak confirm::attacks::random work_list::soak meals_load::soak time_ledger::random meals_year

# ---- Setting it up ---------------------------------------------------------------------------------------------------

.PHONY: setup
setup: ## install what is missing for `make run` and `make test`
	@# One compiles, the other waits for the network.
	$(MAKE) setup-test & other=$$!
	$(MAKE) setup-build
	wait $$other

# Says what command is missing and what to do about it.
need = if ! command -v $(1) >/dev/null; then echo "setup: $(1) is missing; $(2)" >&2; exit 1; fi

.PHONY: setup-rust
setup-rust:
	@$(call need,rustup,install rustup first (Debian: apt-get install rustup))
	$(call need,cc,install a C compiler (Debian: apt-get install build-essential))
	# Asking rustc installs nothing where automatic installation is off; a toolchain that was linked by hand passes too.
	if ! { target=$$(rustc --print target-libdir --target wasm32-unknown-unknown) && [[ -d $$target ]] &&
		cargo clippy --version && cargo fmt --version; } >/dev/null 2>&1; then
		echo "setup: installing the Rust toolchain that rust-toolchain.toml names"
		rustup toolchain install
	fi

.PHONY: setup-build
setup-build: setup-rust ## … of it, what `make run` needs
	@$(call need,node,install Node 20 or newer (Debian: apt-get install nodejs npm))
	$(call need,npm,install npm (Debian: apt-get install npm))
	if [[ -z "$(WASM_BINDGEN)" ]]; then
		echo 'setup: Cargo.toml has no line like wasm-bindgen = "=0.2.130"' >&2
		exit 1
	fi
	if [[ ! -x "$(CARGO_LEPTOS_DIR)/bin/cargo-leptos" ]]; then
		echo "setup: installing cargo-leptos $(CARGO_LEPTOS) (some minutes, once)"
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
			cargo install cargo-leptos --version "=$(CARGO_LEPTOS)" --locked \
			--no-default-features --features no_downloads --root "$(CARGO_LEPTOS_DIR)"
	fi
	if [[ ! -x "$(WASM_BINDGEN_DIR)/bin/wasm-bindgen" ]]; then
		echo "setup: installing wasm-bindgen $(WASM_BINDGEN) (some minutes, once)"
		CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
			cargo install wasm-bindgen-cli --version "=$(WASM_BINDGEN)" --root "$(WASM_BINDGEN_DIR)"
	fi
	if [[ ! -e "$(BINARYEN_DIR)/node_modules/.bin/wasm-opt" ]]; then
		echo "setup: installing binaryen $(BINARYEN) for wasm-opt"
		mkdir -p "$(BINARYEN_DIR)"
		npm install --no-audit --no-fund --prefix "$(BINARYEN_DIR)" "binaryen@$(BINARYEN)"
	fi

.PHONY: setup-test
setup-test: ## … of it, what `make test` needs besides
	@$(call need,python3,install Python 3 (Debian: apt-get install python3))
	missing=()
	for pair in $(DEBIAN); do
		[[ -e $${pair#*:} ]] || missing+=("$${pair%%:*}")
	done
	command -v java >/dev/null || missing+=(default-jre-headless)
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
	if (($${#missing[@]})); then
		if [[ $$(id -u) != 0 ]]; then
			echo "setup: Debian packages are missing; as root: apt-get install --no-install-recommends $${missing[*]}" >&2
			exit 1
		fi
		echo "setup: installing from Debian: $${missing[*]}"
		apt-get update
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$${missing[@]}"
	fi
	if ! "$(CWT_PYTHON)" -c 'import cwt' 2>/dev/null; then
		echo "setup: installing the Python package cwt $(CWT)"
		python3 -m venv --clear "$(CWT_DIR)"
		"$(CWT_PYTHON)" -m pip install --quiet "cwt==$(CWT)"
	fi
	if [[ ! end2end/node_modules/.package-lock.json -nt end2end/package-lock.json ]]; then
		echo "setup: installing Playwright, axe, the HTML validator and a sign-in provider"
		# No install script is needed: the browser and Java are Debian's.
		npm ci --ignore-scripts --no-audit --no-fund --prefix end2end
	fi

.PHONY: setup-bench
setup-bench:
	@if [[ ! -e "$(LIGHTHOUSE_DIR)/node_modules/lighthouse/package.json" ]]; then
		echo "setup: installing lighthouse $(LIGHTHOUSE)"
		mkdir -p "$(LIGHTHOUSE_DIR)"
		npm install --ignore-scripts --no-audit --no-fund --prefix "$(LIGHTHOUSE_DIR)" "lighthouse@$(LIGHTHOUSE)"
	fi
