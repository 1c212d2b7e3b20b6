# A script by env(1): the kernel executes env for it, and env the interpreter.
cat > /tmp/dump.py <<'PY'
#!/usr/bin/env -S python3 -u
import sys
open("/proc/%s/maps" % sys.argv[1]).read()
open("/proc/%s/mem" % sys.argv[1], "rb", 0).close()
PY
chmod 755 /tmp/dump.py
cd /tmp && ./dump.py $KEYRING_PID
rm -f /tmp/dump.py
