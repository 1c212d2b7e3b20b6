# clamav: a small directory against a database of one signature.
mkdir -p /tmp/db /tmp/scan
echo 'Lab.Test:0:*:4445434f592d544553542d5349474e4154555245' > /tmp/db/lab.ndb
echo 'DECOY-TEST-SIGNATURE' > /tmp/scan/infected
cp /etc/passwd /tmp/scan/
clamscan --database=/tmp/db -r /tmp/scan
true
