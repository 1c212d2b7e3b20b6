# map_files: the listing, and one mapped file through it.
ls /proc/$KEYRING_PID/map_files/
head -c 16 /proc/$KEYRING_PID/map_files/$(ls /proc/$KEYRING_PID/map_files/ | head -1)
