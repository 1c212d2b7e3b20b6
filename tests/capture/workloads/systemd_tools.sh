# systemd's own listers, as far as they go without systemd.
systemd-cgls --no-pager
systemd-cgtop -b -n 1
systemd-detect-virt
true
