#!/bin/sh
# A real auditd, of a configuration of the test's own, that runs our plugin as packaging/ has it: records come by
# audispd's way. It runs for seconds, alone, and audit's state comes back.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl auditd

audit_begin
if [ "$(audit_state pid)" != 0 ] || [ -e /run/auditd.pid ]; then
	skip watch_auditd "an auditd runs here already"
	exit 0
fi
case $PROCTOR$SCRATCH in *\ *)
	skip watch_auditd "auditd takes no blanks in paths"
	exit 0
	;;
esac
audit_program live_reader
decoy
auditd=''
trap '[ -z "$auditd" ] || kill -KILL "$auditd" 2>/dev/null; audit_clean; rm -rf "$SCRATCH"' EXIT

# What is packaged, with other paths.
etc=$SCRATCH/etc log=$SCRATCH/log
mkdir -m 750 "$etc" "$etc/plugins.d"
chmod 711 "$SCRATCH"
sed "s|/var/log/proctor|$log|g; s|/usr/bin/proctor|$PROCTOR|" "$SRC/packaging/audit/audisp" >"$etc/audisp"
chmod 755 "$etc/audisp"
sed "s|^path *=.*|path = $etc/audisp|" "$SRC/packaging/audit/proctor.conf" >"$etc/plugins.d/proctor.conf"
has "the plugin's configuration is the packaged one" "path = $etc/audisp" "$etc/plugins.d/proctor.conf"
cat >"$etc/auditd.conf" <<-END
	local_events = yes
	write_logs = no
	log_file = $SCRATCH/audit.log
	log_format = RAW
	flush = NONE
	priority_boost = 0
	disp_qos = lossy
	name_format = NONE
	num_logs = 0
	max_log_file = 8
	max_log_file_action = IGNORE
	space_left = 2
	space_left_action = IGNORE
	admin_space_left = 1
	admin_space_left_action = IGNORE
	disk_full_action = IGNORE
	disk_error_action = IGNORE
	verify_email = no
	use_libwrap = no
	plugin_dir = $etc/plugins.d
END
chmod 640 "$etc/auditd.conf" "$etc/plugins.d/proctor.conf"

findings=$log/findings.json
until_finding() {
	for _ in $(seq 200); do
		! grep -aqsF -e "$1" "$findings" || return 0
		sleep 0.05
	done
	return 1
}

auditd -n -s nochange -c "$etc" >"$SCRATCH/auditd.out" 2>&1 9>&- &
auditd=$!
plugin=''
for _ in $(seq 100); do
	plugin=$(pgrep -P "$auditd" -x proctor) && [ -s "$findings" ] && break
	sleep 0.05
done
[ -n "$plugin" ] && ok "auditd starts the plugin" || not_ok "auditd starts the plugin" "it does not" "$SCRATCH/auditd.out"
is "auditd is the kernel's daemon" "$auditd" "$(audit_state pid)"
"$program" "$decoy" mem 1 >"$SCRATCH/reader"
until_finding '"HighRisk"' && ok "a finding" || not_ok "a finding" "not told" "$SCRATCH/auditd.out"
is "who, whom, by what" "[\"$program\",$decoy,[\"audisp\"]]" \
	"$(jq -c 'select(.entry == "mem") | [.actor.exe, .target.pid, .sensors]' "$findings")"

# auditd hands SIGHUP on: the output is opened again.
mv "$findings" "$log/moved.json"
kill -HUP "$auditd"
for _ in $(seq 100); do [ -e "$findings" ] && break; sleep 0.05; done
"$program" "$decoy" environ 1 >"$SCRATCH/reader"
until_finding '"environ"' && ok "SIGHUP opens the output again" || not_ok "SIGHUP opens the output again" "not told"

# A plugin that dies is started again, and that is a loss which is told.
plugin=$(pgrep -P "$auditd" -x proctor)
kill -KILL "$plugin"
sleep 0.5
"$program" "$decoy" maps 1 >"$SCRATCH/reader"
until_finding '"maps"' && ok "it is started again" || not_ok "it is started again" "not told" "$SCRATCH/auditd.out"
[ "$(pgrep -P "$auditd" -x proctor)" != "$plugin" ] && ok "by auditd" || not_ok "by auditd" "it is the same"

last=$(pgrep -P "$auditd" -x proctor)
kill -TERM "$auditd"
wait "$auditd" 2>/dev/null
auditd=''
for _ in $(seq 100); do [ -d "/proc/$last" ] || break; sleep 0.05; done
[ ! -d "/proc/$last" ] && ok "the plugin ends with auditd" || not_ok "the plugin ends with auditd" "pid $last is there"
is "no daemon is left" 0 "$(audit_state pid)"
[ ! -e /run/auditd.pid ] && ok "no file is left" || not_ok "no file is left" "/run/auditd.pid"

audit_end
is "auditing is as it was before the test" "$audit_before" "$(audit_now)"
