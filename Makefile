# Two commands matter: `make demo` and `make test`. They need Python 3.11 or newer with venv, and make; nothing else.
# One built with a profile (distributions' and most others' are) is a tenth faster; where there is none, any will do.
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3
PROFILED := import sys, sysconfig, ensurepip; built = sysconfig.get_config_var("CONFIG_ARGS") or ""; \
	sys.exit(sys.version_info < (3, 11) or not (sys.base_prefix == "/usr" or "--enable-optimizations" in built))
ANY := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for one in '$(PROFILED)' '$(ANY)'; do for p in $(PYTHONS); do \
	$$p -c "$$one" 2>/dev/null && echo $$p && exit; done; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
DONE := .venv/.done
PO := $(wildcard anju/locale/*/LC_MESSAGES/*.po)
SYNC := $(BIN)/uv sync --frozen --inexact --python $(BIN)/python

# A company's own certificates, where the system has them.
CERTIFICATES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
export UV_SYSTEM_CERTS := $(if $(CERTIFICATES),true,false)
export NODE_EXTRA_CA_CERTS := $(CERTIFICATES)
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo up test check lint install messages clean
help:
	@echo "make demo    安居 + 演示公司 · Anju with the demo organization"
	@echo "make up      安居，空白 · Anju, empty"
	@echo "make test    全部检查与测试 · all checks and tests"
	@echo "make check   仅检查 · checks only"

demo: install
	@exec $(BIN)/anju demo

up: install
	@exec $(BIN)/anju up

install: $(DONE)/packages $(DONE)/front-end $(DONE)/languages

test: check
	$(BIN)/python -m pytest -n 2 --ignore=tests/structure

check: lint
	$(BIN)/python -m pytest tests/structure
	$(if $(wildcard anju/config/docs.py anju/config/docs),$(BIN)/anju docs --check)

# A secret of its own, so that reading the settings leaves no file behind.
lint: export ANJU_SECRET_KEY := check
lint: install $(DONE)/tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet anju
	$(BIN)/mypy anju

LAZY := -k gettext_lazy -k gettext_noop -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2
# Bring new sentences into the English catalogue; what has no translation yet fails `make check`.
messages: $(DONE)/tools
	$(BIN)/python .ci/policy_words.py .venv/policy_words.py
	$(BIN)/pybabel -q extract -F .ci/babel.cfg $(LAZY) --no-location --sort-output -o .venv/django.pot anju .venv/policy_words.py
	$(BIN)/pybabel -q update -D django -d anju/locale -i .venv/django.pot -w 120 --no-fuzzy-matching --ignore-pot-creation-date

clean:
	rm -rf .venv node_modules

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高版本 · Python 3.11 or newer is needed"; exit 1; }
	@echo "· 建立虚拟环境 · making the virtual environment"
	@$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

$(DONE)/packages: uv.lock pyproject.toml | $(BIN)/uv
	@echo "· 安装依赖 · installing packages"
	@$(SYNC) --no-dev
	@mkdir -p $(DONE) && touch $@

$(DONE)/tools: uv.lock pyproject.toml | $(DONE)/packages
	@echo "· 安装开发工具 · installing tools"
	@$(SYNC)
	@touch $@

$(DONE)/front-end: package-lock.json package.json $(DONE)/packages
	@echo "· 安装前端文件 · installing front-end files"
	@$(BIN)/python .ci/front_end.py
	@touch $@

$(DONE)/languages: $(PO) $(DONE)/packages
	@$(if $(PO),$(BIN)/pybabel -q compile -D django -d anju/locale,true)
	@touch $@
