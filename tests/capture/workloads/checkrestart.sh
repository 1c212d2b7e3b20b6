# debian-goodies: which processes use deleted files.
checkrestart -v
