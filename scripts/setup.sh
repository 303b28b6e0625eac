#!/usr/bin/env bash
# Brings what the tests need beyond Go itself: PostgreSQL 15 or newer and Chromium, from the distribution's packages when this
# user may install them; otherwise it says clearly what is missing. espeak-ng, ffmpeg and mosquitto-clients are brought along where that works: the
# tests that listen to them say so when they are left out.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = stop-postgres ]; then
	dir="${TMPDIR:-/tmp}/loa-test-postgres-$(id -u)"
	[ -f "$dir/data/postmaster.pid" ] && kill "$(head -1 "$dir/data/postmaster.pid")" && echo "stopped PostgreSQL in $dir"
	exit 0
fi

go mod download

have_postgres() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
have_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

may_install() { command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }

want=()
[ -n "${LOA_TEST_POSTGRES:-}" ] || have_postgres || want+=(postgresql)
have_chromium || want+=(chromium)
if [ ${#want[@]} -gt 0 ]; then
	if may_install; then
		sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"
		export DEBIAN_FRONTEND=noninteractive
		$sudo apt-get update -q
		$sudo apt-get install -y -q --no-install-recommends "${want[@]}"
	else
		echo "Missing: ${want[*]}. Install them with the system's package manager and run this again." >&2
		exit 1
	fi
fi

optional=()
command -v espeak-ng >/dev/null 2>&1 || optional+=(espeak-ng)
command -v ffmpeg >/dev/null 2>&1 || optional+=(ffmpeg)
command -v mosquitto_sub >/dev/null 2>&1 || optional+=(mosquitto-clients)
if [ ${#optional[@]} -gt 0 ]; then
	sudo=; [ "$(id -u)" = 0 ] || sudo="sudo -n"
	may_install && { DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${optional[@]}" || { $sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${optional[@]}"; }; } ||
		echo "Without ${optional[*]} the tests that listen to a voice, handle sound or try the broker with strangers are left out." >&2
fi
