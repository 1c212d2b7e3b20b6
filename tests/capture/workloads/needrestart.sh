# needrestart: batch mode, lists only.
needrestart -b -r l
