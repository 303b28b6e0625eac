# Few targets, each with one line of help. `go test ./...` needs none of this.
.PHONY: help run test lint bench soak vendor setup stop-postgres

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: ## serve the demo office on http://127.0.0.1:8080
	go run ./cmd/loa demo

setup: ## bring what the whole test needs: Go modules, PostgreSQL, Chromium
	@scripts/setup.sh

# What of cmd/loa runs with the race detector, and need not run twice.
RACED = Import|Kill|Job|Queue|Serve|Key

# What starts nothing beside itself, and need not be watched for races.
ALONE = demo picture speech

test: setup ## lint, then every test on both engines and in Chromium
	$(MAKE) lint
	@scripts/side-by-side.sh \
		'go test -race -timeout 40m ./store' \
		'go test -race -timeout 40m $$(go list ./... | grep -v -e /cmd/loa -e /web$$ -e /store$$ $(ALONE:%=-e /%$$)) && go test $(ALONE:%=./%) && go test -race -timeout 40m -run "AtOnce|Two|Law|Kept|SignIn|Login|Brake|Public|Import|Segment|Known|Undo|Record" ./web && LOA_TEST_ALL=1 go test -race -timeout 40m -run "$(RACED)" ./cmd/loa'
	@scripts/side-by-side.sh \
		"LOA_TEST_ALL=1 go test -timeout 40m ./web" \
		"LOA_TEST_ALL=1 go test -timeout 40m -skip '$(RACED)' ./cmd/loa && LOA_TEST_ALL=1 go test -timeout 40m ./pdf ./sending"
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -o /dev/null ./cmd/loa
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -o /dev/null ./cmd/loa

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l . | grep -v /vendor/)" || (gofmt -l .; exit 1)
	go vet ./...
	go run -modfile=tools/go.mod honnef.co/go/tools/cmd/staticcheck ./...

bench: setup ## measure what docs/PERFORMANCE.md lists
	@scripts/bench.sh

soak: setup ## the long counts: kills, fuzzing, property tests
	LOA_SOAK=1 go test -timeout 60m -run 'Soak|Kill|Property' ./...
	go test -timeout 60m -run 'AddUp|PaysLess|TiersSum|NeverMore|AddsUp' ./policy -rapid.checks=20000
	go test -run '^$$' -fuzz FuzzOpen -fuzztime 5m ./sheet
	go test -run '^$$' -fuzz FuzzSheet -fuzztime 5m ./sheet
	go test -run '^$$' -fuzz FuzzList -fuzztime 5m ./importing
	go test -run '^$$' -fuzz FuzzAsk -fuzztime 5m ./policy
	go test -run '^$$' -fuzz FuzzPDU -fuzztime 5m ./channel/smpp
	go test -run '^$$' -fuzz FuzzTemplate -fuzztime 2m ./channel/sms
	go test -run '^$$' -fuzz FuzzESMSCallback -fuzztime 2m ./channel/sms
	go test -run '^$$' -fuzz FuzzAnswers -fuzztime 2m ./channel/sms
	go test -run '^$$' -fuzz FuzzHandler -fuzztime 2m ./fake
	go test -run '^$$' -fuzz FuzzReadHistory -fuzztime 5m ./policy
	go test -run '^$$' -fuzz 'FuzzRead$$' -fuzztime 5m ./policy
	go test -run '^$$' -fuzz FuzzAloud -fuzztime 5m ./speech
	go test -run '^$$' -fuzz FuzzReadWAV -fuzztime 5m ./speech
	go test -run '^$$' -fuzz FuzzSplit -fuzztime 5m ./speech

vendor: ## refresh the vendored browser files from npm and check their sums
	scripts/vendor.sh

stop-postgres: ## end the PostgreSQL that tests started
	@scripts/setup.sh stop-postgres
