# Every build needs the tag: without it SQLite has no full-text search.
TAGS := sqlite_fts5
GO   := go
BIN  := bin/dossier

.PHONY: build demo test race lint bench fuzz kills faults readers clean

build:
	$(GO) build -tags $(TAGS) -o $(BIN) ./cmd/dossier

demo: build
	$(BIN) demo

test:
	$(GO) test -tags $(TAGS) ./...

# Short: what has one goroutine and takes long is left out, or makes a few of its cases; `make test` makes all.
race:
	$(GO) test -race -short -timeout 20m -tags $(TAGS) ./...

lint:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt: $$out"; exit 1; fi
	$(GO) vet -tags $(TAGS) ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags $(TAGS) ./...
	GOFLAGS="$$GOFLAGS -tags=$(TAGS)" $(GO) run mvdan.cc/unparam@v0.0.0-20260823230713-2fa3d841b0c8 ./...

bench:
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...
	cd bench && $(GO) test -tags $(TAGS) -run '^$$' -bench 'Parse|Dossier|Trafilatura' -benchtime 3x -cpu 1 .
	cd bench && $(GO) test -tags $(TAGS) -run '^$$' -bench 'Crawl|Import' -benchtime 3x .

# Each fuzz target of each package for FUZZTIME. The fuzzer itself fails now and
# then when the time is up while it shortens an input; that is no finding.
FUZZTIME := 30s
fuzz:
	@for pkg in $$($(GO) list -tags $(TAGS) ./...); do \
		for target in $$($(GO) test -tags $(TAGS) -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; \
			out=$$($(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg 2>&1) && continue; \
			if echo "$$out" | grep -q 'Failing input written' || ! echo "$$out" | grep -q 'context deadline exceeded'; then echo "$$out"; exit 1; fi; \
		done; \
	done

# The long form of the kill tests; `make test` runs short ones.
KILLS := 200
kills:
	$(GO) test -tags $(TAGS) ./cmd/dossier -run TestKill -v -timeout 30m -args -kills $(KILLS)

# Crawls every broken site of internal/faults with the real program; `make test`
# goes through a part of them.
faults:
	$(GO) test -tags $(TAGS) ./cmd/dossier -run TestFaults -v -timeout 15m -args -faults

# What is exported, read by programs of others; needs npm and python3, and
# asks LibreOffice where it is installed.
ASCSV := 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
readers: build
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && cp archive/export/testdata/readers/* "$$out" && \
	$(BIN) demo --quiet --dir "$$out/demo" >/dev/null && \
	for f in jsonl csv xlsx parquet; do $(BIN) --quiet --archive "$$out/demo/archive.db" export -o "$$out/records.$$f" || exit 1; done && \
	$(BIN) --quiet --archive "$$out/demo/archive.db" export --format warc -o "$$out/pages.warc.gz" && \
	$(BIN) --quiet --archive "$$out/demo/archive.db" export -o "$$out/pages.warc" && \
	$(BIN) --quiet --archive "$$out/demo/archive.db" export --bundle "$$out/bundle.zip" && \
	$(BIN) --quiet --archive "$$out/demo/archive.db" export --for excel -o "$$out/excel.csv" && \
	{ ! command -v soffice >/dev/null || { HOME="$$out" soffice --headless --convert-to $(ASCSV) --outdir "$$out/office" "$$out/records.xlsx" && \
	  HOME="$$out" soffice --headless --infilter=CSV:44,34,UTF8 --convert-to $(ASCSV) --outdir "$$out/office" "$$out/excel.csv"; } >/dev/null 2>&1; } && \
	cd "$$out" && python3 -m zipfile -e bundle.zip bundle && npm install --silent --no-audit --no-fund >/dev/null && node check.mjs "$$out"

clean:
	rm -rf bin
