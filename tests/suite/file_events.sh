#!/bin/sh
# Rules about files that are made or written (category file_event): they can be evaluated, find what they are about, and
# what they find goes into every shape. With SIGMA_RULES set, SigmaHQ's own find it, too.
. "$(dirname "$0")/../lib/tap.sh"
cd "$SRC" || exit 2
export PROCTOR_RULES="" XDG_CONFIG_HOME="$SCRATCH/none"
rules=tests/rules/files
cat $rules/cron/hit/*.log $rules/sudoers/hit/*.log >"$SCRATCH/files.log"

exits 'the rules are sound' 0 "$PROCTOR" rules check --strict $rules
has 'all can be evaluated' 'category file_event: 2 of 2 can be evaluated' "$SCRATCH/out"
exits 'they hit and miss, by each of their parts' 0 "$PROCTOR" rules test --mutate $rules
lacks 'no part is without notice' 'survivor' "$SCRATCH/out"

exits 'a scan finds them' 1 "$PROCTOR" scan -q --flat --rules $rules "$SCRATCH/files.log"
for path in /etc/cron.d/beacon /var/spool/cron/crontabs/root /etc/sudoers.d/joe /etc/sudoers; do
	has "the table names $path" ": $path" "$SCRATCH/out"
done
unset PROCTOR_RULES
exits "without such rules there is nothing" 0 "$PROCTOR" scan -q "$SCRATCH/files.log"
exits 'incidents tell each file' 1 "$PROCTOR" scan -q --json --incidents --rules $rules "$SCRATCH/files.log"
for path in /etc/cron.d/beacon /var/spool/cron/crontabs/root /etc/sudoers.d/joe; do
	has "a step is $path" "\"what\":\"$path\"" "$SCRATCH/out"
done
has 'it reaches nobody' '"targets":[]' "$SCRATCH/out"

for shape in ecs ocsf cef cse-record cse-signal; do
	"$PROCTOR" scan -q --format $shape --rules $rules "$SCRATCH/files.log" >"$SCRATCH/out"
	python3 tests/lib/shapes.py $shape "$SCRATCH/out"
	has "$shape names the file" '/var/spool/cron/crontabs/root' "$SCRATCH/out"
done
for shape in csv html; do
	exits "as $shape" 1 "$PROCTOR" scan -q --format $shape --rules $rules "$SCRATCH/files.log"
	has "$shape names the file" 'crontabs/root' "$SCRATCH/out"
done
"$PROCTOR" scan -q --json --rules $rules "$SCRATCH/files.log" >"$SCRATCH/findings.json"
id=$(sed -n 's|.*"id":"\([0-9a-f]*\)".*"resolved_path":"/etc/cron.d/beacon".*|\1|p' "$SCRATCH/findings.json")
exits 'explain, from the log' 1 "$PROCTOR" explain --rules $rules "$id" "$SCRATCH/files.log"
has 'what was done' 'opened it for writing: /etc/cron.d/beacon' "$SCRATCH/out"
lacks 'no target is missed' 'target is unknown' "$SCRATCH/out"
exits 'explain, from findings' 1 "$PROCTOR" explain --from "$SCRATCH/findings.json" "$id"
has 'what was done, from findings' 'opened it for writing: /etc/cron.d/beacon' "$SCRATCH/out"
exits 'a tuning cannot be suggested' 1 "$PROCTOR" rules suggest --rules $rules "$id" "$SCRATCH/files.log"
has 'and why' 'it is a file that was written' "$SCRATCH/err"

if [ ! -d "${SIGMA_RULES:-}/rules/linux/file_event" ]; then
	skip "SigmaHQ's rules about files" 'SIGMA_RULES is not set'
	exit 0
fi
exits "SigmaHQ's rules about files all load" 0 "$PROCTOR" rules check "$SIGMA_RULES/rules/linux/file_event"
lacks 'none is without a log source' 'no log source' "$SCRATCH/out"
exits 'they find' 1 "$PROCTOR" scan -q --flat --rules "$SIGMA_RULES/rules/linux/file_event" "$SCRATCH/files.log"
has 'a job of cron' 'New Cron File Created: /etc/cron.d/beacon' "$SCRATCH/out"
has 'rights as root' 'Persistence Via Sudoers.d Files: /etc/sudoers.d/joe' "$SCRATCH/out"
