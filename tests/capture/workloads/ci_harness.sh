# A CI job: a python harness that reads maps and smaps of the program it started.
mkdir -p /tmp/build && cp /srv/lab1/run/* /tmp/build/ && chmod 755 /tmp/build/harness.py && chown -R $LABUSER /tmp/build && cd /tmp/build
setpriv --reuid $LABUSER --regid $LABUSER --clear-groups ./harness.py
true
