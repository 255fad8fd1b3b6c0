# lsce: life-sciences customer engagement inside PostgreSQL
#
#   make deps             install what building and testing needs (Debian)
#   make                  build against the server of $(PG_CONFIG)
#   make install          install for that server (DESTDIR is honoured)
#   make installcheck     regression and isolation tests against a running server
#   make check            every test, from nothing, on a private cluster
#   make versions         the same with the PostgreSQL of other Debian suites
#   make demo             the story, on a private cluster; make psql, make demo-stop
#   make bench            measured ratios against what one would use otherwise
#
# The one source of the version is lsce.control.

EXTENSION    = lsce
EXTVERSION   = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" lsce.control)
MODULE_big   = lsce
OBJS         = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
PG_CPPFLAGS  = -I$(srcdir)/src -DLSCE_VERSION='"$(EXTVERSION)"' $(ICU_CFLAGS)
SHLIB_LINK  += $(ICU_LIBS)
UPGRADES     = $(notdir $(wildcard sql/upgrade/lsce--*--*.sql))
DATA_built   = lsce--$(EXTVERSION).sql $(UPGRADES)
MANUAL       = $(wildcard doc/*.md doc/*.sql doc/*.svg)
EXTRA_CLEAN  = $(OBJS:.o=.d) build test/unit/build test/fuzz/build results output_iso tmp_check log

REGRESS       := $(shell sed 's/\#.*//' test/sql/schedule 2>/dev/null)
REGRESS_OPTS   = --inputdir=$(srcdir)/test --load-extension=btree_gist --load-extension=pg_trgm --load-extension=lsce --encoding=UTF8
ISOLATION      = $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=$(srcdir)/test --load-extension=btree_gist --load-extension=pg_trgm --load-extension=lsce --encoding=UTF8

# Debian's libpq-dev ships a pg_config too; prefer the newest server's own.
PG_CONFIG ?= $(or $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin/pg_config))),pg_config)

# The goals of scripts/ work without PostgreSQL's headers, and PGXS has a "check"
# of its own: asked for these only, make does not read PGXS.
SCRIPT_GOALS = deps check versions demo demo-stop psql bench unit fuzz
ifneq ($(MAKECMDGOALS),)
ifeq ($(filter-out $(SCRIPT_GOALS),$(MAKECMDGOALS)),)
ONLY_SCRIPTS = 1
endif
endif

ifdef ONLY_SCRIPTS

.PHONY: $(SCRIPT_GOALS)
deps:
	scripts/deps.sh
check:
	scripts/check.sh
versions:
	scripts/versions.sh
demo:
	scripts/demo.sh start
demo-stop:
	scripts/demo.sh stop
psql:
	scripts/demo.sh psql
bench:
	scripts/bench.sh
unit:
	$(MAKE) -C test/unit
fuzz:
	$(MAKE) -C test/fuzz

else

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(PGXS),)
$(error no PostgreSQL server headers: run "make deps", or install postgresql-server-dev)
endif
include $(PGXS)

# header dependencies: PGXS has none unless the server was built with them
override CFLAGS += -MMD -MP
-include $(OBJS:.o=.d)

# the manual has a directory of its own: DOCS would mix its pages, such as
# index.md, with those of other extensions
.PHONY: install-manual uninstall-manual
install: install-manual
uninstall: uninstall-manual
install-manual:
	$(MKDIR_P) '$(DESTDIR)$(docdir)/extension/lsce'
	$(INSTALL_DATA) $(addprefix $(srcdir)/,$(MANUAL)) '$(DESTDIR)$(docdir)/extension/lsce/'
uninstall-manual:
	rm -rf '$(DESTDIR)$(docdir)/extension/lsce'

SQL_MODULES = $(addprefix sql/,$(shell sed 's/\#.*//' sql/MANIFEST))

lsce--$(EXTVERSION).sql: sql/build.awk sql/MANIFEST $(SQL_MODULES) lsce.control
	awk -v root=sql -v version=$(EXTVERSION) -f sql/build.awk sql/MANIFEST > $@.tmp && mv $@.tmp $@

# An upgrade script is written by hand but for the text of the model, which one
# that ends at this version brings along.
$(UPGRADES): %: sql/upgrade/% sql/build.awk sql/MANIFEST $(SQL_MODULES) lsce.control
	{ cat $< && case $@ in *--$(EXTVERSION).sql) awk -v root=sql -v upgrade=1 -f sql/build.awk sql/MANIFEST ;; esac; } > $@.tmp && mv $@.tmp $@

endif
