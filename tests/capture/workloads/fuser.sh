# psmisc: who uses a directory, who uses a mount, who uses a port.
fuser -v /srv/lab1/run
fuser -m /srv/lab1/run
fuser -n tcp 22
true
