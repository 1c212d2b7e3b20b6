# chkrootkit: the tests that look at processes.
chkrootkit bindshell lkm sniffer chkutmp z2 w55808 slapper
true
