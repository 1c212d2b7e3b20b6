# AddressSanitizer: the leak check at exit.
cp /srv/lab1/run/leak_test.c /tmp/ && cd /tmp && gcc -g -fsanitize=address -o leak_test leak_test.c
./leak_test
true
