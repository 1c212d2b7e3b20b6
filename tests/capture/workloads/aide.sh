# AIDE: initialise and check a database of a small tree.
cat > /tmp/aide.conf <<C
database_in=file:/tmp/aide.db
database_out=file:/tmp/aide.db
database_new=file:/tmp/aide.db
report_url=stdout
/etc p+u+g+s+sha256
C
aide -c /tmp/aide.conf --init
aide -c /tmp/aide.conf --check
true
