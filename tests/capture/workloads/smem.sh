# smem: a python script that sums up smaps.
smem
smem -m -k
