# make            build/stella
# make run        the same, then its dashboard on the built-in demo
# make check      every test
# make lint       compiler warnings of gcc and clang, clang-tidy, cppcheck, the house rules
# make install    DESTDIR= PREFIX=/usr/local
# make fuzz       libFuzzer on every parser, FUZZ_SECONDS=600 each; TARGET=json for one
# make screenshots, make bench, make clean
#
# run and check install what is missing with apt; CC=clang works.

VERSION = 0.1.0
PREFIX = /usr/local
ifeq ($(origin CC),default)
CC = gcc
endif
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
# V=1 shows the commands.
ifndef V
.SILENT:
endif

BUILD = build
OPTIMISE = -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
SANITISE =

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Werror
CFLAGS = -g $(OPTIMISE) $(SANITISE)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DSTELLA_VERSION='"$(VERSION)"' $(WARNINGS) -fPIE \
	-ffunction-sections -fdata-sections -pthread -Isrc -I. $(CFLAGS)
ALL_LDFLAGS = -pie -pthread -Wl,--gc-sections -Wl,--as-needed -Wl,--hash-style=gnu \
	-Wl,-z,relro -Wl,-z,now $(CFLAGS) $(LDFLAGS)

# Libraries are linked statically where Debian has the archive: one file that runs
# anywhere, and starts in 0.6 ms instead of 0.9. libmd4c has none.
LIBDIR = $(shell pkg-config --variable=libdir ncursesw)
library = $(firstword $(foreach name,$1,$(if $(wildcard $(LIBDIR)/lib$(name).a),-l:lib$(name).a)) \
	-l$(lastword $1))
DOCTOR_LIBS = $(call library,uv_a uv) $(call library,yaml) $(call library,inih) \
	$(call library,md4c) $(call library,jansson) $(call library,cares)
CURSES_LIBS = $(call library,ncursesw) $(call library,tinfo)

# The part of the screen that knows no curses: the unit tests link it.
UI_MODEL = ui/action.c ui/detail.c ui/head.c ui/key.c ui/layout.c ui/list.c ui/model.c ui/overlay.c \
	ui/status.c ui/tree.c ui/update.c ui/walk_action.c ui/walk_layout.c ui/walk_question.c \
	ui/walk_view.c
UI_SOURCES = $(filter-out $(UI_MODEL),$(wildcard ui/*.c))

objects = $(patsubst %.c,$(BUILD)/%.o,$1)
DOCTOR_OBJECTS = $(call objects,$(wildcard src/*/*.c)) $(BUILD)/embed.o
SCREEN_OBJECTS = $(call objects,$(UI_MODEL))
UI_OBJECTS = $(call objects,$(UI_SOURCES))
UNIT_OBJECTS = $(call objects,$(wildcard tests/unit/*.c) tests/ui/pty.c)
SCREENS_OBJECTS = $(call objects,$(wildcard tests/ui/*.c) tests/unit/temporary.c)
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJECTS = $(call objects,$(wildcard tests/fuzz/*.c))
FUZZ_MAIN = $(BUILD)/tests/fuzz/replay.o
FUZZ_SHARED = $(filter-out %/replay.o $(BUILD)/tests/fuzz/fuzz_%,$(FUZZ_OBJECTS))
BENCH_OBJECTS = $(call objects,$(filter-out %/minimal.c,$(wildcard tests/bench/*.c)) tests/ui/pty.c)
DATA = $(sort $(wildcard data/*.ini data/checks/*.ini data/diagnosis/*.ini data/articles/*/*.md))

.PHONY: all run check unit replay screens commands memcheck locales fuzz deps install lint compile tidy \
	cppcheck shellcheck screenshots bench clean
.DELETE_ON_ERROR:

all:
	.ci/deps build $(findstring clang,$(CC))
	$(MAKE) $(BUILD)/stella

run:
	.ci/deps --install build $(findstring clang,$(CC))
	$(MAKE) $(BUILD)/stella
	$(BUILD)/stella doctor --demo

check:
	.ci/deps --install build check $(findstring clang,$(CC))
	$(MAKE) $(BUILD)/stella
	$(MAKE) unit
	$(MAKE) replay
	$(MAKE) memcheck
	$(MAKE) locales
	$(MAKE) screens
	$(MAKE) commands
	$(call may_skip,tests/faults/run)
	$(call may_skip,tests/faults/laboratory)
	$(call may_skip,tests/faults/deeper)
	tests/faults/rules
	$(call may_skip,tests/mailserver/run)

# 77: it cannot run here. That passes, unless every test must run.
may_skip = $1 || { status=$$?; [ $$status = 77 ] && [ -z "$$STELLA_TESTS_MUST_RUN" ]; }

SANITISED = $(MAKE) BUILD=$(BUILD)/sanitised OPTIMISE=-O1 \
	SANITISE="-fsanitize=address,undefined -fno-sanitize-recover=undefined"

unit:
	+$(SANITISED) $(BUILD)/sanitised/unit
	LC_ALL=C.UTF-8 $(BUILD)/sanitised/unit

replay:
	+$(SANITISED) $(FUZZ_TARGETS:%=$(BUILD)/sanitised/fuzz_%)
	tests/fuzz/replay $(FUZZ_TARGETS:%=$(BUILD)/sanitised/fuzz_%)

screens:
	+$(SANITISED) $(BUILD)/sanitised/stella $(BUILD)/sanitised/screens
	tests/ui/run $(BUILD)/sanitised/stella $(BUILD)/sanitised/screens

# The commands that need no screen, as a shell sees them.
commands:
	+$(SANITISED) $(BUILD)/sanitised/stella
	tests/cli/run $(BUILD)/sanitised/stella

# A test runs in a child of its own, which exits with 99 when valgrind found fault.
memcheck: $(BUILD)/unit
	LC_ALL=C.UTF-8 CK_TIMEOUT_MULTIPLIER=20 \
		valgrind --quiet --leak-check=full --error-exitcode=99 $(BUILD)/unit

# A decimal comma, and an "I" whose lower case is no "i". Messages stay English.
LOCALES = de_DE.UTF-8 tr_TR.UTF-8
locales: $(LOCALES:%=unit-%)
$(LOCALES:%=unit-%): unit-%: $(BUILD)/unit $(BUILD)/locale/%
	LOCPATH=$(abspath $(BUILD)/locale) LC_ALL=$* LANGUAGE=en CK_TIMEOUT_MULTIPLIER=5 $(BUILD)/unit

$(BUILD)/locale/%:
	rm -rf $@.new && mkdir -p $@.new
	localedef -i $(basename $*) -f UTF-8 $@.new && mv $@.new $@

# The programs of replay with libFuzzer's main in place of replay.c's.
FUZZ_SECONDS = 600
TARGET = $(FUZZ_TARGETS)
fuzz:
	.ci/deps --install build clang
	+$(MAKE) CC=clang BUILD=$(BUILD)/fuzz OPTIMISE=-O1 FUZZ_MAIN= LDFLAGS=-fsanitize=fuzzer \
		SANITISE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
		$(TARGET:%=$(BUILD)/fuzz/fuzz_%)
	$(MAKE) $(TARGET:%=fuzz-%)
$(FUZZ_TARGETS:%=fuzz-%): fuzz-%: force
	tests/fuzz/run $(BUILD)/fuzz/fuzz_$* $(FUZZ_SECONDS)

deps:
	.ci/deps --install build check lint screenshots bench $(findstring clang,$(CC))

# The platform has a command line of its own named stella: never in its way.
BIN = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
MAN_PAGES = $(addprefix $(BUILD)/man/,stella-doctor.1 stella-doctor.ini.5 stella-doctor-checks.7)
install: all
	$(MAKE) $(MAN_PAGES) $(addprefix $(BUILD)/completion/,bash zsh fish)
	install -D -m 755 $(BUILD)/stella $(BIN)/stella-doctor
	for page in $(MAN_PAGES); do \
		install -D -m 644 -t $(SHARE)/man/man$${page##*.} $$page || exit; \
	done
	install -D -m 644 data/doctor.ini $(SHARE)/doc/stella-doctor/doctor.ini
	install -D -m 644 $(BUILD)/completion/bash $(SHARE)/bash-completion/completions/stella-doctor
	install -D -m 644 $(BUILD)/completion/zsh $(SHARE)/zsh/site-functions/_stella-doctor
	install -D -m 644 $(BUILD)/completion/fish $(SHARE)/fish/vendor_completions.d/stella-doctor.fish
	for found in $(BIN)/stella "$$(command -v stella)"; do \
		[ "$$(readlink "$$found")" = stella-doctor ] && continue; \
		if [ -e "$$found" ] || [ -L "$$found" ]; then \
			echo "No link stella: there is $$found"; \
			exit 0; \
		fi; \
	done; \
	ln -sf stella-doctor $(BIN)/stella && \
	ln -sf stella-doctor $(SHARE)/bash-completion/completions/stella && \
	ln -sf stella-doctor.fish $(SHARE)/fish/vendor_completions.d/stella.fish

lint:
	.ci/deps --install build check lint
	$(MAKE) compile
	$(MAKE) tidy cppcheck shellcheck
	.ci/house

# Every program, with the warnings of both compilers as errors.
PROGRAMS = stella unit screens bench minimal $(FUZZ_TARGETS:%=fuzz_%)
compile:
	$(MAKE) CC=gcc $(PROGRAMS:%=$(BUILD)/%)
	$(MAKE) CC=clang BUILD=$(BUILD)/clang $(PROGRAMS:%=$(BUILD)/clang/%)

C_FILES = $(wildcard src/*/*.c ui/*.c tests/*/*.c)
tidy: $(C_FILES:%=$(BUILD)/tidy/%)
$(BUILD)/tidy/%: % .clang-tidy force
	clang-tidy --quiet $< -- -std=c11 -D_GNU_SOURCE -Isrc -I. 2>/dev/null

# It does not look into system headers: LIST_HEAD is from sys/queue.h.
cppcheck:
	cppcheck --quiet --std=c11 --enable=warning,performance --error-exitcode=1 \
		--library=posix -D_GNU_SOURCE '-DLIST_HEAD(name,type)=struct name' \
		-Isrc -I. src ui

shellcheck:
	shellcheck $$(grep -lE '^#!.*\b(ba)?sh$$' -r .ci src tests screenshots)

screenshots:
	.ci/deps --install build screenshots
	$(MAKE) $(BUILD)/stella
	screenshots/make.sh $(BUILD)/stella

bench:
	.ci/deps --install build bench
	$(MAKE) $(BUILD)/stella $(BUILD)/bench $(BUILD)/minimal
	tests/bench/run $(BUILD)/stella

clean:
	rm -rf $(BUILD)

$(BUILD)/stella: $(UI_OBJECTS) $(BUILD)/libscreen.a $(BUILD)/libdoctor.a
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(DOCTOR_LIBS) $(CURSES_LIBS)

$(BUILD)/man/%: $(BUILD)/stella
	mkdir -p $(@D)
	$< doctor docs man $* >$@

$(BUILD)/completion/%: $(BUILD)/stella
	mkdir -p $(@D)
	$< doctor completion $* >$@

$(BUILD)/unit: $(UNIT_OBJECTS) $(BUILD)/libscreen.a $(BUILD)/libdoctor.a
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(DOCTOR_LIBS) $(shell pkg-config --libs check)

$(BUILD)/screens: $(SCREENS_OBJECTS) $(BUILD)/libdoctor.a
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(DOCTOR_LIBS) $(shell pkg-config --libs check)

$(FUZZ_TARGETS:%=$(BUILD)/fuzz_%): $(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_SHARED) \
		$(FUZZ_MAIN) $(BUILD)/libdoctor.a
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(DOCTOR_LIBS)

$(BUILD)/bench: $(BENCH_OBJECTS) $(BUILD)/libdoctor.a
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/minimal: $(BUILD)/tests/bench/minimal.o
	echo "  LD $@"
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CURSES_LIBS)

$(BUILD)/libdoctor.a: $(DOCTOR_OBJECTS)
$(BUILD)/libscreen.a: $(SCREEN_OBJECTS)
$(BUILD)/%.a: $(BUILD)/objects
	echo "  AR $@"
	rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(UI_OBJECTS): private CURSES_CFLAGS = $(shell pkg-config --cflags ncursesw)

$(BUILD)/%.o: %.c $(BUILD)/flags
	echo "  CC $@"
	mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(CURSES_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embed.o: $(BUILD)/embed.S $(DATA)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/embed.S: src/base/embed.sh $(BUILD)/data
	src/base/embed.sh $(DATA) >$@

# Each holds a setting, and is newer than what was built with another one.
$(BUILD)/flags: SETTING = $(CC) $(ALL_CFLAGS)
$(BUILD)/data: SETTING = $(DATA)
$(BUILD)/objects: SETTING = $(DOCTOR_OBJECTS) $(SCREEN_OBJECTS)
$(BUILD)/flags $(BUILD)/data $(BUILD)/objects: force
	mkdir -p $(@D)
	echo '$(subst ','\'',$(SETTING))' | cmp -s - $@ || echo '$(subst ','\'',$(SETTING))' >$@
.PHONY: force

-include $(patsubst %.o,%.d,$(DOCTOR_OBJECTS) $(SCREEN_OBJECTS) $(UI_OBJECTS) $(UNIT_OBJECTS) \
	$(SCREENS_OBJECTS) $(BENCH_OBJECTS) $(FUZZ_OBJECTS))

