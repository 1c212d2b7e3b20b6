# iotop: python, one batch.
iotop -b -n 1
iotop-c -b -n 1
true
