#!/usr/bin/env bash
# Measures what docs/PERFORMANCE.md lists and prints it as its table. It judges nothing but marks what is beyond its reach.
#
#   scripts/bench.sh              everything, some twenty minutes on 2 quiet cores
#   scripts/bench.sh demo office  only these parts: demo office quote public million import paper send speakers inbox leaves
#
# LOA_BENCH_DIR=folder keeps the office of a million people from one run to the next.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
parts=${*:-demo office quote public million import paper send speakers inbox leaves}
wanted() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac }

# row WHAT SEEN UNIT REACH: one line of the table; an empty reach is only told.
row() {
	local mark=""
	[ -z "$4" ] || awk -v seen="$2" -v reach="$4" 'BEGIN { exit !(seen > reach) }' && [ -n "$4" ] && mark=" **missed**"
	printf '| %s | %s %s%s | %s |\n' "$1" "$2" "$3" "$mark" "${4:+≤ $4 $3}"
}

# p95 REACH: turns Go's benchmark lines into rows of their 95th percentile.
p95() {
	awk '/p95-ms/ { name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name); gsub(/_/, " ", name)
		for (i = 3; i < NF; i += 2) m[$(i + 1)] = $i; printf "%s\t%s\t%s\t%s\n", name, m["p95-ms"], m["p50-ms"], m["cpu-ms"] }' |
		while IFS=$'\t' read -r name ninety half cpu; do row "$name (half within $half ms, $cpu ms of processor)" "$ninety" ms "$1"; done
}

printf 'Measured %s on %s cores, load before the run %s.\n\n' "$(date -u +%Y-%m-%d)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
printf '| What | Seen | Reach |\n|---|---|---|\n'

if wanted demo; then
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$work/loa" ./cmd/loa
	row 'Binary, stripped' "$(($(stat -c %s "$work/loa") / 1000000))" MB 60
	mkfifo "$work/out"
	start=$(date +%s%N)
	"$work/loa" demo --listen 127.0.0.1:18080 --data "$work/demo" >"$work/out" 2>&1 &
	pid=$!
	exec 7<"$work/out"
	read -r first <&7 # it says when it is ready; asking it all the time would take it the processor
	curl -sf -o /dev/null http://127.0.0.1:18080/login || { echo "$first" >&2; cat <&7 >&2; exit 1; }
	row 'Demo, process start to first page' "$((($(date +%s%N) - start) / 1000000))" ms 6000
	sleep 5 # what is read in behind the first page counts too
	row 'Demo, peak memory' "$(($(awk '/VmHWM/ {print $2}' "/proc/$pid/status") / 1000))" MB 400
	kill "$pid"
	wait "$pid" || true
	start=$(date +%s%N)
	"$work/loa" report --data "$work/demo" --from 2025-01 --to 2025-12 --format json >/dev/null
	row 'Report of a year, the whole command' "$((($(date +%s%N) - start) / 1000000))" ms 300
fi

if wanted office; then
	go test -run '^$' -bench 'BenchmarkOffice/.*/nothing' -benchtime 3000x ./web | p95 30
	go test -run '^$' -bench 'BenchmarkOffice/.*/a_save' -benchtime 3000x ./web | p95 30
	go test -run '^$' -bench 'BenchmarkOffice/.*/right_after' -benchtime 60x ./web | p95 ''
	go test -run '^$' -bench 'BenchmarkOffice/report' -benchtime 20x ./web | p95 300
	go test -run '^$' -bench 'BenchmarkOffice/duplicates' -benchtime 20x ./web | p95 ''
fi

if wanted quote; then
	go test -run '^$' -bench BenchmarkQuote -benchtime "${BENCHTIME:-1s}" ./policy | awk '/^BenchmarkQuote/ { name = $1; sub(/^BenchmarkQuote./, "", name); sub(/-[0-9]+$/, "", name); gsub(/_/, " ", name); print name, $3 / 1000 }' |
		while read -r line; do row "Quote: ${line% *}" "${line##* }" µs 50; done
fi

if wanted public; then
	go test -run '^$' -bench BenchmarkPublic -benchtime 3000x ./web | p95 15
fi

if wanted million; then
	export LOA_BENCH_DIR="${LOA_BENCH_DIR:-$work}"
	go test -run '^$' -timeout 90m -bench BenchmarkMillionPeople -benchtime 100x ./web | p95 50
	go test -run '^$' -timeout 90m -bench BenchmarkMillionSegments -benchtime 60x ./web | tee "$work/segments" | p95 100
	awk '/first_load/ { for (i = 3; i < NF; i += 2) m[$(i + 1)] = $i; name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
		printf "| %s of %d people | %s s, %s MB | |\n", name, m["people"], m["load-s"], m["index-MB"] }' "$work/segments"
fi

if wanted import; then
	go test -run '^$' -timeout 30m -bench Import -benchtime 1x ./cmd/loa | awk '/^Benchmark/ { printf "| %s | ", $1; sub(/^Benchmark/, "", $1)
		for (i = 3; i < NF; i += 2) printf "%s %s; ", $i, $(i + 1); print "| preview ≤ 6 s, apply ≤ 12 s, pages ≤ 100 ms meanwhile |" }'
fi

if wanted paper; then
	LOA_TEST_ALL=1 go test -run '^$' -bench BenchmarkPaper -benchtime 3x ./web | tee "$work/paper" >/dev/null
	paper() { row "$1" "$(awk -v name="Benchmark$2" 'index($1, name) == 1 { for (i = 3; i < NF; i += 2) if ($(i + 1) == "s") print $i }' "$work/paper")" s "$3"; }
	paper '60 leaflets with their own QR as one PDF' Paper60Leaflets 20
	paper '1,000 household slips as one PDF' Paper1000Slips 60
fi

if wanted send; then
	go test -run '^$' -timeout 30m -bench BenchmarkSend -benchtime 1x ./sending | tee "$work/send" >/dev/null
	send() { row "100,000 messages claimed, sent and written down, processor against a bare client: $1" "$(awk -v name="BenchmarkSend/$2" 'index($1, name "-") == 1 { for (i = 3; i < NF; i += 2) if ($(i + 1) == "x-bare") print $i }' "$work/send")" × "$3"; }
	send 'SQLite, a provider that drops repeats' sqlite_drops_repeats 1.6
	send 'SQLite, one that does not' sqlite_drops_nothing 1.6
	send 'PostgreSQL, its server counted too, a provider that drops repeats' postgres_drops_repeats 2.0
	send 'PostgreSQL, its server counted too, one that does not' postgres_drops_nothing 2.0
	row '20,000 messages as the program sends them: looked at anew, words filled, sent by the driver, written down; SQLite' "$(go test -run '^$' -bench 'BenchmarkBroadcast$' -benchtime 1x ./cmd/loa | awk '/^BenchmarkBroadcast/ { for (i = 3; i < NF; i += 2) if ($(i + 1) == "x-bare") print $i }')" × 1.6
	go test -run '^$' -bench BenchmarkSend ./channel/email | awk '/^BenchmarkSend/ { sub(/^BenchmarkSend./, "", $1); sub(/-[0-9]+$/, "", $1); for (i = 3; i < NF; i += 2) if ($(i + 1) == "letters/cpu-s") printf "| E-mail over %s | %d letters per second of processor%s | ≥ 20000 |\n", $1, $i, $i < 20000 ? " **missed**" : "" }'
fi

if wanted speakers; then
	row 'Play command to 1,000 connected loudspeakers, the last answer' "$(go test -run '^$' -bench BenchmarkPlay -benchtime 10x ./channel/loudspeaker | awk '/^BenchmarkPlay/ { for (i = 3; i < NF; i += 2) if ($(i + 1) == "last-ack-ms") print $i }')" ms 2000
fi

if wanted inbox; then
	go test -run '^$' -timeout 60m -bench 'BenchmarkInbox|BenchmarkQuestions' -benchtime 200x ./store | p95 50
fi

if wanted fanout; then
	go test -run '^$' -timeout 60m -bench BenchmarkFanOut -benchtime 1x ./cmd/loa | awk '/^BenchmarkFanOut/ { name = $1; sub(/^BenchmarkFanOut./, "", name); sub(/-[0-9]+$/, "", name)
		for (i = 3; i < NF; i += 2) m[$(i + 1)] = $i; printf "%s\t%d\t%d\t%d\t%d\n", name, m["people/s"], m["cpu-us/person"] + m["server-us/person"], m["peak-MB"], m["of-it-file-MB"]; delete m }' |
		while IFS=$'\t' read -r name speed cpu peak files; do
			row "Fan-out of a million people with every gate, $name, for one person ($speed people a second, $cpu µs of processor)" "$((1000000 / speed))" µs 33
			row "The same, peak memory of the process, $files MB of it pages of files" "$peak" MB 150
		done
fi

if wanted leaves; then
	go test -run '^$' -bench BenchmarkSearch -benchtime "${BENCHTIME:-1s}" ./gazetteer | awk '/^BenchmarkSearch/ { name = $1; sub(/^BenchmarkSearch./, "", name); sub(/-[0-9]+$/, "", name); gsub(/_/, " ", name); if ($3 > worst) { worst = $3; which = name } } END { print which "|" worst / 1000000 }' |
		while IFS='|' read -r which worst; do row "Search over the nation's communes, the slowest: $which" "$worst" ms 20; done
	printf '\n```\n'
	go test -run '^$' -bench . -benchtime "${BENCHTIME:-1s}" ./vn ./lunar ./gazetteer ./sheet | grep ^Benchmark
	printf '```\n'
fi
