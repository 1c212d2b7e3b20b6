# A CI job: the test runner attaches gdb to a test that hangs; gdb's target is its sibling.
mkdir -p /tmp/build && cp /srv/lab1/run/* /tmp/build/ && chmod 755 /tmp/build/stuck.py && chown -R $LABUSER /tmp/build && cd /tmp/build
setpriv --reuid $LABUSER --regid $LABUSER --clear-groups ./stuck.py
true
