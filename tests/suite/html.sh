#!/bin/sh
# A report is sound, harmless and works: strictly parsed, then looked at by a real browser where there is one. All that
# an intruder can name is named after markup and scripts; a script that ran would say "owned" in the page's title, and
# whatever loaded something would be heard on a port of this host.
. "$(dirname "$0")/../lib/tap.sh"
cd "$SRC" || exit 2

page=tests/lib/html_page.py

python3 $page serve "$SCRATCH/requests" >"$SCRATCH/port" 2>"$SCRATCH/serve.err" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$SCRATCH"' EXIT
tries=0
while [ ! -s "$SCRATCH/port" ] && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
port=$(cat "$SCRATCH/port")
: >"$SCRATCH/requests"
python3 $page log "$port" "$SCRATCH"

report() {
	"$PROCTOR" scan -q --format html "$@" >"$SCRATCH/page.html" 2>"$SCRATCH/err"
}

sound() {
	name=$1
	shift
	if python3 $page check "$SCRATCH/page.html" "$@" >"$SCRATCH/out" 2>&1; then
		ok "$name"
	else
		not_ok "$name" "the page is not what it must be" "$SCRATCH/out"
	fi
}

# ---- as text ----

report --raw tests/captures
sound "a report of the captures is sound"
cp "$SCRATCH/page.html" "$SCRATCH/captures.html"
report --raw tests/captures
same "the same log gives the same bytes" "$SCRATCH/captures.html" "$SCRATCH/page.html"
report /dev/null
sound "a report of nothing is sound"
has "and says that this proves nothing" "proves nothing" "$SCRATCH/page.html"
report --raw "$SCRATCH/hostile.log"
sound "a report full of markup is sound, and shows every name" "$SCRATCH/visible"
cp "$SCRATCH/page.html" "$SCRATCH/hostile.html"
for change in 's/&lt;script/<script/' 's/<\/article>//' 's/ id="t-/ onclick="t-/' 's/<bdi>/<bdi>\x07/' 's/href="#i-/href="http:/'; do
	sed "$change" "$SCRATCH/hostile.html" >"$SCRATCH/page.html"
	exits "the look at it notices $change" 1 python3 $page check "$SCRATCH/page.html"
done

exits "a report tells incidents only" 2 "$PROCTOR" scan --format html --flat tests/captures
has "and says so" "tells incidents" "$SCRATCH/err"
exits "-o writes it to a file" 1 "$PROCTOR" scan -q --format html -o "$SCRATCH/page.html" tests/captures/shared/open_abs.raw.log
sound "which is whole"

# ---- in a browser ----

need chromium
mkdir "$SCRATCH/home"

# browse PAGE: the page as the browser has it after a second leaves in $SCRATCH/dom, its console in $SCRATCH/console.
browse() {
	HOME=$SCRATCH/home timeout 60 chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-extensions \
		--disable-component-update --disable-background-networking --user-data-dir="$SCRATCH/home/profile" \
		--enable-logging=stderr --virtual-time-budget=3000 --dump-dom "file://$1" \
		>"$SCRATCH/dom" 2>"$SCRATCH/console" </dev/null
}

title() {
	sed -n 's/.*<title>\([^<]*\)<\/title>.*/\1/p' "$1" | head -n 1
}

# First that the trap works: without the policy, a script runs and a picture is loaded; with it, neither.
script="<script>document.title='owned'</script><img src=\"http://127.0.0.1:$port/canary\"/>"
sed "s|<body>|<body>$script|; /Content-Security-Policy/d" "$SCRATCH/captures.html" >"$SCRATCH/open.html"
browse "$SCRATCH/open.html"
if [ "$(title "$SCRATCH/dom")" != owned ] || ! grep -q canary "$SCRATCH/requests"; then
	not_ok "the browser runs what may run" "the trap does not work here: title '$(title "$SCRATCH/dom")'" "$SCRATCH/console"
	exit 0
fi
ok "the browser runs what may run"
: >"$SCRATCH/requests"
sed "s|<body>|<body>$script|" "$SCRATCH/captures.html" >"$SCRATCH/closed.html"
browse "$SCRATCH/closed.html"
is "the page's own policy stops a script" "$(title "$SCRATCH/captures.html")" "$(title "$SCRATCH/dom")"
is "and a picture" "" "$(cat "$SCRATCH/requests")"

# Without the policy again, so that nothing but the escaping protects: the names must do nothing at all.
sed '/Content-Security-Policy/d' "$SCRATCH/hostile.html" >"$SCRATCH/bare.html"
for version in hostile bare; do
	browse "$SCRATCH/$version.html"
	is "$version: no script has run" "$(title "$SCRATCH/hostile.html")" "$(title "$SCRATCH/dom")"
	is "$version: nothing was loaded" "" "$(cat "$SCRATCH/requests")"
	lacks "$version: the console is quiet" "CONSOLE" "$SCRATCH/console"
	python3 $page census "$SCRATCH/dom" >"$SCRATCH/census"
	python3 $page census "$SCRATCH/$version.html" >"$SCRATCH/expected"
	same "$version: the browser sees the elements that were written" "$SCRATCH/expected" "$SCRATCH/census"
done

# ---- how it works: a script of the test's own asks the copy without the policy ----

cat >"$SCRATCH/ask.js" <<'END'
const shown = what => [...document.querySelectorAll(what)].filter(e => e.getClientRects().length).length;
const cards = document.querySelectorAll('.card').length, high = document.querySelectorAll('.card.f-high').length;
const says = [];
const expect = (words, truth) => { if (!truth) says.push(words); };
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
expect('all cards are shown', shown('.card') === cards && high > 0 && high < cards);
document.getElementById('show-high').click();
expect('without HighRisk', shown('.card') === cards - high && shown('.card.f-high') === 0 && shown('svg .f-high') === 0);
document.getElementById('show-high').click();
expect('all again', shown('.card') === cards);
const host = document.getElementById('host-1');
if (host) {
	host.click();
	expect('one host', shown('.card') === document.querySelectorAll('.card.h-1').length && shown('.card') < cards);
	document.querySelector('input[name=host]').click();
}
expect('every label has its text', [...document.querySelectorAll('label')].every(l => l.textContent.trim()));
expect('nothing is wider than the page by ' + wide, wide <= 0);
const step = document.querySelector('.steps a');
expect('a step leads to its finding', !step || document.querySelector(step.getAttribute('href')));
document.title = says.length ? 'wrong: ' + says.join('; ') : 'as expected';
END
sed '/Content-Security-Policy/d' "$SCRATCH/captures.html" >"$SCRATCH/ask.html"
report "$SCRATCH/hostile.log" tests/captures/shared/tool_cat_maps.raw.log
sed '/Content-Security-Policy/d' "$SCRATCH/page.html" >"$SCRATCH/hosts.html"
for version in ask hosts; do
	{
		printf '<script>addEventListener("load", () => {'
		cat "$SCRATCH/ask.js"
		printf '})</script>'
	} >>"$SCRATCH/$version.html"
	browse "$SCRATCH/$version.html"
	is "$version: filters and links work" "as expected" "$(title "$SCRATCH/dom")"
done
