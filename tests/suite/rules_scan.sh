#!/bin/sh
# proctor scan with rules of a user, on every log source, alone and correlated: what is found, and how each shape says it.
. "$(dirname "$0")/../lib/tap.sh"
need jq
mkdir "$SCRATCH/rules" "$SCRATCH/logs"

cat >"$SCRATCH/rules/audit.yml" <<'END'
title: Account file opened
name: account-file
id: 21111111-1111-4111-8111-000000000001
level: medium
logsource: {product: linux, service: auditd}
detection:
    call: {type: SYSCALL, syscall: 257, uid: 0}
    path: {type: PATH, name: /etc/passwd}
    condition: call and path
---
title: Searches for keys
id: 21111111-1111-4111-8111-000000000002
level: high
tags: [attack.credential-access, attack.t1552.001]
logsource: {product: linux, service: auditd}
detection:
    type: {type: EXECVE}
    keywords: {'|all': [find, 'id_rsa key']}
    condition: type and keywords
---
title: Shell starts cat
id: 21111111-1111-4111-8111-000000000003
level: medium
logsource: {product: linux, category: process_creation}
detection:
    selection: {ParentImage|endswith: /bash, Image|endswith: /cat}
    condition: selection
---
title: Failed login
name: failed-login
id: 21111111-1111-4111-8111-000000000004
logsource: {product: linux, service: auth}
detection:
    keywords: [Failed password]
    condition: keywords
---
title: Hardly any failed logins
id: 21111111-1111-4111-8111-000000000005
level: low
correlation:
    type: event_count
    rules: [failed-login]
    group-by: [Computer, program]
    timespan: 1h
    condition: {lt: 3}
---
title: Failed login, then the account file
id: 21111111-1111-4111-8111-000000000006
level: critical
correlation:
    type: temporal
    rules: [failed-login, account-file]
    group-by: [Computer]
    timespan: 1h
    generate: true
END

cat >"$SCRATCH/logs/audit.log" <<'END'
type=SYSCALL msg=audit(1700000000.100:10): arch=c000003e syscall=59 success=yes exit=0 a0=10 a1=7ffe a2=7ffe a3=0 items=0 ppid=1000 pid=2000 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm="bash" exe="/usr/bin/bash" key=(null)
type=EXECVE msg=audit(1700000000.100:10): argc=3 a0="bash" a1="find" a2=69645F727361206B6579
type=EOE msg=audit(1700000000.100:10): 
type=SYSCALL msg=audit(1700000001.100:11): arch=c000003e syscall=59 success=yes exit=0 a0=10 a1=7ffe a2=7ffe a3=0 items=0 ppid=2000 pid=2001 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm="cat" exe="/usr/bin/cat" key=(null)
type=EXECVE msg=audit(1700000001.100:11): argc=2 a0="cat" a1="x"
type=EOE msg=audit(1700000001.100:11): 
type=SYSCALL msg=audit(1700000002.100:12): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffe a2=2 a3=0 items=1 ppid=2000 pid=2002 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="vi" exe="/usr/bin/vi" key=(null)
type=CWD msg=audit(1700000002.100:12): cwd="/root"
type=PATH msg=audit(1700000002.100:12): item=0 name="/etc/passwd" inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
type=EOE msg=audit(1700000002.100:12): 
END
cat >"$SCRATCH/logs/auth.log" <<'END'
2023-11-14T22:14:20.100+00:00 web1 sshd[811]: Failed password for root from 192.0.2.4 port 22 ssh2
2023-11-14T22:14:21.100+00:00 web1 sshd[812]: Failed password for root from 192.0.2.4 port 22 ssh2
2023-11-15T22:14:21.100+00:00 web1 sshd[813]: Accepted password for root from 192.0.2.4 port 22 ssh2
END

scan() {
	"$PROCTOR" scan -q --no-progress --only --rules "$SCRATCH/rules" "$@" "$SCRATCH/logs"
}

exits "something was found" 1 scan --json -o "$SCRATCH/found.json"
jq -r '[.rule_title, .risk, .score, .host // "-", .count] | join("|")' "$SCRATCH/found.json" | LC_ALL=C sort >"$SCRATCH/rules.found"
cat >"$SCRATCH/rules.expected" <<'END'
Failed login, then the account file|HighRisk|100|web1|1
Failed login, then the account file|HighRisk|90|-|1
Failed login|Review|40|web1|1
Hardly any failed logins|Review|30|web1|2
Searches for keys|HighRisk|75|-|1
Shell starts cat|Review|50|-|1
END
same "each rule found what it is about" "$SCRATCH/rules.expected" "$SCRATCH/rules.found"

scan >"$SCRATCH/table"
lacks "no target is made up" unknown "$SCRATCH/table"
has "a window says what it was about" "Hardly any failed logins: Computer=web1, program=sshd" "$SCRATCH/table"
scan --format cef >"$SCRATCH/cef"
lacks "a line has no outcome" "act=log outcome=success reason=success cnt=1 spid=812" "$SCRATCH/cef"
has "CEF names the rule by its title" "|Failed login, then the account file|" "$SCRATCH/cef"
scan --format ecs | jq -r '.rule | [.name, .uuid] | join(" ")' >"$SCRATCH/ecs"
has "ECS has the rule's title and id" "Searches for keys 21111111-1111-4111-8111-000000000002" "$SCRATCH/ecs"
scan --format ocsf | jq -r '.finding_info.analytic.uid' >"$SCRATCH/ocsf"
has "OCSF has the rule's id" 21111111-1111-4111-8111-000000000005 "$SCRATCH/ocsf"
scan --csv >"$SCRATCH/csv"
has "CSV has it" "Hardly any failed logins" "$SCRATCH/csv"

# The one rule that stays matches the event of the last audit record only.
sed '/^---/,$d' "$SCRATCH/rules/audit.yml" >"$SCRATCH/rules/one.yml"
rm "$SCRATCH/rules/audit.yml"
exits "--accesses loses no audit event" 1 scan --accesses --json -o "$SCRATCH/all.json"
is "and prints it" "Account file opened" "$(jq -r .rule_title "$SCRATCH/all.json")"
