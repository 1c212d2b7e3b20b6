# needrestart: libraries only, verbose.
needrestart -b -l -r l -v
