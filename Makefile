# Every build needs the tag: without it SQLite has no full-text search.
TAGS := sqlite_fts5
GO   := go
BIN  := bin/dossier

.PHONY: build demo test race lint bench fuzz quality clean

build:
	$(GO) build -tags $(TAGS) -o $(BIN) ./cmd/dossier

demo: build
	$(BIN) demo

test:
	$(GO) test -tags $(TAGS) ./...

race:
	$(GO) test -race -tags $(TAGS) ./...

lint:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt: $$out"; exit 1; fi
	$(GO) vet -tags $(TAGS) ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags $(TAGS) ./...

bench:
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin
