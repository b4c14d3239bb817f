# Two commands do everything on a fresh machine: make demo, make test.
#
# Started as root, the venv is made from the system's Python: an unprivileged user must
# be able to run it inside the sandbox (a Python below a home of mode 0700 can't be).
SYSTEM_PYTHON := $(shell [ "$$(id -u)" = 0 ] && [ -x /usr/bin/python3 ] && echo /usr/bin/python3)
PYTHON ?= $(or $(SYSTEM_PYTHON),$(shell command -v python3.11 || command -v python3))
BIN := .venv/bin
# A submission in PyTorch takes seconds: make test leaves their wrong answers to make prove.
NUMPY := a1_conv1d a2_shapes a3_layers
TORCH := a4_cnn a5_resnet
# Tests also wait, for workers that sleep and for files: one process more than cores.
PROCESSES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help setup dev lock demo test tests proofs lint coverage test-newest prove fuzz faults mutants bench soak large train release handouts docs figures clean

# Processes share the cores: threads inside them would only wait for each other.
test tests proofs coverage test-newest prove fuzz faults mutants soak: export OMP_NUM_THREADS := 1

help:  ## Say what each target does
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

setup: .venv/installed  ## Make .venv and install what grading needs
	@sh .ci/need bubblewrap bwrap

dev: .venv/installed-dev  ## The same, with what the project's own tests need
	@sh .ci/need bubblewrap bwrap
	@sh .ci/need chromium chromium

.venv/installed: pyproject.toml $(wildcard constraints.txt)
	@sh .ci/need python3-venv ensurepip $(PYTHON)
	@$(PYTHON) .ci/setup_venv.py .venv
	@touch $@

.venv/installed-dev: pyproject.toml $(wildcard constraints.txt)
	@sh .ci/need python3-venv ensurepip $(PYTHON)
	@$(PYTHON) .ci/setup_venv.py .venv dev
	@touch $@ .venv/installed

lock:  ## Write constraints.txt anew: the newest versions in pyproject.toml's ranges
	@sh .ci/need python3-venv ensurepip $(PYTHON)
	@$(PYTHON) .ci/setup_venv.py --lock

demo: setup  ## Grade the sample class; reports and gradebooks land in demo-out/
	$(BIN)/python examples/demo.py --out demo-out

test: dev lint tests proofs  ## Everything that must hold before a change lands

tests: dev
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal

proofs: dev
	$(BIN)/autograder prove --seed "make test" $(NUMPY)
	$(BIN)/autograder prove --seed "make test" --only reference --only stub --only variant $(TORCH)

lint: dev  ## Format, lint, types, import rules, drift of the student template
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/autograder release --check

test-newest:  ## The tests with the newest packages, in an environment of their own
	@sh .ci/need python3-venv ensurepip $(PYTHON)
	rm -rf .venv-newest
	@$(PYTHON) .ci/setup_venv.py --newest .venv-newest dev
	.venv-newest/bin/python -m pytest -n auto --dist worksteal

coverage: dev  ## The tests once more, with branch coverage: twice as slow
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

prove: dev  ## The proofs with every mutant of every reference (long)
	$(BIN)/autograder prove --mutants --inputs 500 --pairs 5 $(NUMPY)
	$(BIN)/autograder prove --mutants --inputs 100 --pairs 1 $(TORCH)
	$(BIN)/autograder prove --mutants --inputs 500 --pairs 5 --course examples/a6_transposed a6_transposed

fuzz: dev  ## Random examples, ten times over, and bytes that coverage chooses (SECONDS=60 each)
	@$(PYTHON) .ci/setup_venv.py .venv fuzz
	for round in 1 2 3 4 5 6 7 8 9 10; do \
	    $(BIN)/python -m pytest -q -n auto -m hypothesis --hypothesis-profile fuzz || exit 1; \
	done
	$(BIN)/python tests/fuzz/run.py --seconds $(or $(SECONDS),60)

mutants: dev  ## Change the grader a little, again and again: does a test notice? (ALL=1: all)
	PYTHONPATH=tests $(BIN)/python -m mutation $(if $(ALL),--all --sandbox) $(ROOMS)

faults: dev  ## Stop every command at each of its writes; kill -9 at random, 50 rounds
	$(BIN)/python -m pytest -q -n auto tests/faults --every-write --rounds 50

bench: dev  ## What grading costs beside otter, nbgrader and the floor: writes docs/performance.md
	@[ -x .venv-nbgrader/bin/nbgrader ] || { $(PYTHON) -m venv .venv-nbgrader && \
	    .venv-nbgrader/bin/pip install --quiet --disable-pip-version-check nbgrader==0.9.6; } || \
	    echo "nbgrader could not be installed: it is left out"
	$(BIN)/python benchmarks/grading.py --nbgrader .venv-nbgrader/bin/nbgrader \
	    --page docs/performance.md

soak: dev  ## Grade 2,000 submissions, a tenth attacks: what piles up? Draws docs/soak.png (RESUME=1: goes on)
	$(BIN)/python benchmarks/soak.py --submissions $(or $(SUBMISSIONS),2000) \
	    --table soak-out.csv $(if $(RESUME),--resume) --plot docs/soak.png

large: dev  ## Grade 10,000 submissions (hours; the same line goes on), reckon 100,000: docs/scale.md
	$(BIN)/python benchmarks/large_class.py --submissions $(or $(SUBMISSIONS),10000) \
	    --out large-out $(if $(MINUTES),--minutes $(MINUTES)) --plot docs/large_class.png
	$(BIN)/python benchmarks/coordinator.py --large large-out --page docs/scale.md

train: dev  ## Train the reference models anew (most of an hour on two cores)
	@sh .ci/need dataset-fashion-mnist dataset-fashion-mnist
	$(BIN)/autograder train small_cnn --anew
	$(BIN)/autograder train resnet --anew
	$(BIN)/autograder train lenet5 --anew
	$(BIN)/autograder train a4_cnn --seeds 24
	$(BIN)/autograder train depth --depths 8,20 --images 6000 --epochs 3 --seeds 1 --anew --out train-out/depth

release: setup  ## Write student_template/ anew
	$(BIN)/autograder release

handouts: setup  ## Write the handouts as HTML and PDF into handouts-out/
	$(BIN)/autograder release --handouts handouts-out

docs: dev  ## Build the docs site into docs-out/html (grades the sample class for it)
	@$(PYTHON) .ci/setup_venv.py .venv docs
	@[ -e demo-out/a1_conv1d-class.html ] || $(MAKE) demo
	$(BIN)/python docs/site/build.py --demo demo-out --out docs-out

figures: dev  ## Draw the handouts' figures anew
	for script in docs/figures/*.py; do $(BIN)/python $$script || exit 1; done

clean:  ## Remove what make made
	rm -rf .venv .venv-newest .venv-nbgrader demo-out train-out handouts-out docs-out large-out soak-out.csv
