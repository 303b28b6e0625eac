#!/usr/bin/env bash
# Measures what docs/PERFORMANCE.md lists and prints it; it judges nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$work/loa" ./cmd/loa
printf 'binary, stripped: %s MB\n' "$(( $(stat -c %s "$work/loa") / 1000000 ))"
start=$(date +%s%N)
"$work/loa" demo --listen 127.0.0.1:18080 --data "$work/demo" >"$work/out" 2>&1 &
pid=$!
until curl -sf -o /dev/null http://127.0.0.1:18080/login; do sleep 0.05; done
printf 'demo, process start to first page: %s ms\n' "$(( ($(date +%s%N) - start) / 1000000 ))"
printf 'demo, peak memory: %s MB\n' "$(( $(awk '/VmHWM/ {print $2}' "/proc/$pid/status") / 1000 ))"
kill "$pid"
wait "$pid" || true
start=$(date +%s%N)
"$work/loa" report --data "$work/demo" --from 2025-01 --to 2025-12 --format json >/dev/null
printf 'report of a year, whole command: %s ms\n' "$(( ($(date +%s%N) - start) / 1000000 ))"
go test -run '^$' -bench . -benchtime "${BENCHTIME:-2s}" ./vn ./lunar ./gazetteer ./sheet ./segmenting ./store ./web
# Imports are measured once each: a list of 80,000 people is preview, apply and the pages beside it in one go.
go test -run '^$' -bench Import -benchtime 1x -timeout 20m ./cmd/loa
