# Through a thread: /proc/<pid>/task/<tid>, and /proc/<tid>, which no listing shows.
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc open /proc/$pid/task/$tid/maps /proc/$pid/task/$tid/environ
$LAB/bin/acc open /proc/$tid/mem
