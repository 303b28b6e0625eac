#!/bin/sh
# Keeps the browser files that Loa serves but did not write.
#
#   scripts/vendor.sh                fetch the pinned versions from npm and rebuild everything below
#   scripts/vendor.sh --from DIR     the same from tarballs already in DIR (as `npm pack` names them)
#   scripts/vendor.sh --check        say whether the files are those in the sums; needs no network
#
# Writes web/static/vendor/ (libraries, fonts, licences, sums), web/static/icons.svg (one sprite of
# the icons named below), web/static/pictures.svg (one sprite of pictures that tell without reading,
# our own from scripts/pictures among them), web/webtest/vendor/ (used by the browser tests only) and
# poster/fonts/ (for the pictures that share kits draw).
set -eu
cd "$(dirname "$0")/.."

HTMX=2.0.11
ECHARTS=6.1.0
LUCIDE=1.62.0
BE_VIETNAM_PRO=5.3.0
INTER=5.3.0
NOTO_TAI_VIET=5.3.0
TINOS=5.3.0
HEALTHICONS=2.0.0
AXE=4.14.1

out=web/static/vendor
test=web/webtest/vendor
drawn=poster/fonts
sprite=web/static/icons.svg
pictures=web/static/pictures.svg
sums=$out/sums

# The icons in the sprite, by their lucide names. Add a name here and run the script.
icons="
sun table scroll-text users users-round user user-plus user-check user-x user-minus user-round layers map map-pin map-pinned
handshake heart-handshake table-2 calendar-days calendar-plus calendar-check calendar-clock calendar-range
target presentation megaphone file-text file-plus file-check file-spreadsheet file-x book-open inbox
circle-question-mark message-circle-question-mark message-circle message-square messages-square hand-coins
hand-helping chart-column chart-line chart-pie graduation-cap settings shield-check shield key-round fingerprint
drum flag store house briefcase briefcase-business building-2 landmark school factory hospital tent
volume-2 newspaper share-2 smartphone phone phone-off mail send radio mic
search plus minus check x pencil trash-2 undo-2 redo-2 rotate-ccw refresh-cw copy clipboard-list clipboard-check
printer download upload external-link link paperclip camera image save lock lock-open eye eye-off bell bell-off
arrow-right arrow-left arrow-up arrow-down arrow-up-right chevron-down chevron-up chevron-right chevron-left
chevrons-up-down move-right split merge git-merge combine move grip-vertical ellipsis ellipsis-vertical menu
panel-left list list-checks list-filter funnel sliders-horizontal arrow-up-down arrow-down-wide-narrow layout-grid
info circle-alert triangle-alert circle-check circle-x circle-minus circle-plus circle-dot circle ban clock clock-alert
hourglass history timer moon cloud-rain route car bike footprints signpost mountain trees wheat banknote wallet
coins receipt calculator percent scale stamp signature badge-check id-card contact languages globe keyboard
circle-user-round log-out log-in power database hard-drive archive archive-restore server activity heart-pulse
star bookmark tag tags thumbs-up thumbs-down trending-up trending-down party-popper baby house-plus
lightbulb wand-sparkles circle-play play pause square-check square square-pen pen-line calendar file-down file-up file-pen list-plus list-ordered
calendar-off calendar-x user-search user-cog door-open hand-heart piggy-bank scroll quote highlighter columns-3 rows-3 zap qr-code wifi wifi-off
"

# The pictures in the second sprite: our name for each and the file in healthicons (filled). What healthicons
# has not, or draws with a dollar, is ours: scripts/pictures/*.svg, each under its file's name. (static/coin.png and coin-ring.png are two of them
# in teal at 144 dots: many coins on many sheets are drawn faster from a bitmap.)
drawings="
old-woman=people/old_woman old-man=people/old_man old-couple=people/elderly farmer=people/agriculture_worker farmer-man=people/agriculture_worker_alt
man=people/man woman=people/woman people=people/people meeting=people/group_discussion_meeting schoolboy=people/boy_1015y schoolgirl=people/girl_1015y
baby=people/baby_0306m mother=people/rmnh worker=people/factory_worker doctor=people/doctor class=people/i_training_class soldier=people/military_worker
poor-house=places/palm_branches_roof near-poor-house=places/proper_roof house=places/home_alt village=places/village stall=places/market_stall
hospital=places/hospital clinic=places/rural_post health-card=objects/insurance_card bills=objects/bills calendar=objects/calendar phone=objects/phone
megaphone=objects/megaphone book=objects/book umbrella=objects/umbrella chicken=zoonoses/animal_chicken pig=zoonoses/animal_pig cigarette=symbols/smoking
"

vendored() { find "$out" "$test" "$drawn" "$sprite" "$pictures" -type f ! -name sums | LC_ALL=C sort; }
die() { echo "vendor.sh: $*" >&2; exit 1; }

if [ "${1:-}" = --check ]; then
	sha256sum --check --quiet "$sums" || die "vendored files differ from $sums; run scripts/vendor.sh"
	listed=$(cut -c67- "$sums")
	[ "$(vendored)" = "$listed" ] || die "files in $out, $test or $drawn are not the ones listed in $sums; run scripts/vendor.sh"
	echo "vendored files match $sums"
	exit 0
fi

from=
if [ "${1:-}" = --from ]; then
	from=${2:?--from needs a folder of tarballs}
	from=$(cd "$from" && pwd)
elif [ $# -gt 0 ]; then
	die "unknown option $1"
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# unpack NAME VERSION leaves the package in $tmp/<file name without version>.
unpack() {
	file=$(echo "$1" | sed 's/^@//; s,/,-,')
	if [ -n "$from" ]; then
		cp "$from/$file-$2.tgz" "$tmp/"
	else
		(cd "$tmp" && npm pack --silent "$1@$2" >/dev/null)
	fi
	mkdir "$tmp/$file"
	tar -xzf "$tmp/$file-$2.tgz" -C "$tmp/$file" --strip-components=1
}

unpack htmx.org $HTMX
unpack echarts $ECHARTS
unpack lucide-static $LUCIDE
unpack @fontsource/be-vietnam-pro $BE_VIETNAM_PRO
unpack @fontsource/inter $INTER
unpack @fontsource/noto-sans-tai-viet $NOTO_TAI_VIET
unpack @fontsource/tinos $TINOS
unpack healthicons $HEALTHICONS
unpack axe-core $AXE

rm -rf "$out" "$test"
mkdir -p "$out/fonts" "$test"

cp "$tmp/htmx.org/dist/htmx.min.js" "$out/htmx.min.js"
# The common build has line, bar, pie and scatter with tooltips and marks, in two thirds of the full size.
sed '/^\/\/# sourceMappingURL=/d' "$tmp/echarts/dist/echarts.common.min.js" > "$out/echarts.min.js"
cp "$tmp/axe-core/axe.min.js" "$test/axe.min.js"
cp "$tmp/axe-core/LICENSE" "$test/LICENSE.txt"

for weight in 400 500 600 700 800; do
	for subset in vietnamese latin latin-ext; do
		cp "$tmp/fontsource-be-vietnam-pro/files/be-vietnam-pro-$subset-$weight-normal.woff2" \
			"$out/fonts/be-vietnam-pro-$subset-$weight.woff2"
	done
	[ $weight = 800 ] || cp "$tmp/fontsource-inter/files/inter-latin-$weight-normal.woff2" "$out/fonts/inter-$weight.woff2"
done
# Pictures to share are drawn by Go, which reads woff.
mkdir -p "$drawn"
for weight in 500 700; do
	for subset in vietnamese latin; do
		cp "$tmp/fontsource-be-vietnam-pro/files/be-vietnam-pro-$subset-$weight-normal.woff" "$drawn/"
	done
done
cp "$tmp/fontsource-be-vietnam-pro/LICENSE" "$drawn/LICENSE"
cp "$tmp/fontsource-noto-sans-tai-viet/files/noto-sans-tai-viet-tai-viet-400-normal.woff2" "$out/fonts/noto-sans-tai-viet-400.woff2"
# Official documents ask for Times New Roman; Tinos has its widths and stands in where a machine has neither that nor Liberation Serif.
for subset in vietnamese latin; do
	for face in 400-normal 400-italic 700-normal 700-italic; do
		cp "$tmp/fontsource-tinos/files/tinos-$subset-$face.woff2" "$out/fonts/tinos-$subset-$face.woff2"
	done
done

{
	echo '<!-- Icons from lucide, gathered by scripts/vendor.sh; licence in vendor/LICENSES.txt. -->'
	echo '<svg xmlns="http://www.w3.org/2000/svg">'
	for name in $icons; do
		svg=$tmp/lucide-static/icons/$name.svg
		[ -f "$svg" ] || die "lucide $LUCIDE has no icon named $name"
		printf '<symbol id="%s" viewBox="0 0 24 24">' "$name"
		awk '/^<\/svg>/ {on = 0} on {sub(/^ +/, ""); printf "%s", $0} /^>/ {on = 1}' "$svg"
		echo '</symbol>'
	done
	echo '</svg>'
} > "$sprite"

# symbol NAME FILE is a drawing of 48 by 48 as one line of the sprite.
symbol() {
	printf '<symbol id="%s" viewBox="0 0 48 48">' "$1"
	tr '\n' ' ' < "$2" | sed 's/<svg[^>]*>//; s,</svg>,,; s/  */ /g; s/> </></g; s/^ //; s/ $//'
	echo '</symbol>'
}
{
	echo '<!-- Pictures from healthicons and, from scripts/pictures, our own; gathered by scripts/vendor.sh; licence in vendor/LICENSES.txt. -->'
	echo '<svg xmlns="http://www.w3.org/2000/svg">'
	for drawing in $drawings; do
		svg=$tmp/healthicons/public/icons/svg/filled/${drawing#*=}.svg
		[ -f "$svg" ] || die "healthicons $HEALTHICONS has no picture ${drawing#*=}"
		symbol "${drawing%%=*}" "$svg"
	done
	for svg in scripts/pictures/*.svg; do symbol "$(basename "$svg" .svg)" "$svg"; done
	echo '</svg>'
} > "$pictures"

{
	echo 'Files in this folder, and icons.svg and pictures.svg beside it, come from the packages below under the licences that follow.'
	echo
	echo "htmx.min.js              htmx.org $HTMX                    0BSD"
	echo "echarts.min.js           echarts $ECHARTS (common build)       Apache-2.0"
	echo "../icons.svg             lucide-static $LUCIDE              ISC, parts MIT"
	echo "../pictures.svg          healthicons $HEALTHICONS                 MIT; those of scripts/pictures are Loa's own"
	echo "fonts/be-vietnam-pro-*   @fontsource/be-vietnam-pro $BE_VIETNAM_PRO  OFL-1.1"
	echo "fonts/inter-*            @fontsource/inter $INTER           OFL-1.1, used for its ten digits"
	echo "fonts/noto-sans-tai-*    @fontsource/noto-sans-tai-viet $NOTO_TAI_VIET  OFL-1.1"
	echo "fonts/tinos-*            @fontsource/tinos $TINOS           OFL-1.1"
	for text in htmx.org/LICENSE echarts/LICENSE echarts/NOTICE echarts/licenses/LICENSE-d3 \
		lucide-static/LICENSE healthicons/LICENSE fontsource-be-vietnam-pro/LICENSE fontsource-inter/LICENSE \
		fontsource-noto-sans-tai-viet/LICENSE fontsource-tinos/LICENSE; do
		[ -f "$tmp/$text" ] || continue
		printf '\n================ %s ================\n\n' "$text"
		cat "$tmp/$text"
	done
} > "$out/LICENSES.txt"

vendored | xargs sha256sum > "$sums"
echo "$(wc -l < "$sums" | tr -d ' ') files, $(cat $(cut -c67- "$sums") | wc -c | tr -d ' ') bytes"
