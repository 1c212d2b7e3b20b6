# iproute2: sockets with their processes.
ss -tulpn
ss -xp
true
