/*
 * Opens /proc/PID/ENTRY, again and again, reading nothing: for tests of live
 * sensors, on decoys that they start.
 *
 *   live_reader PID ENTRY COUNT [PER_SECOND [SECONDS]]
 *
 * PER_SECOND 0: as fast as it goes. With SECONDS it ends then, whatever COUNT
 * says. Prints, in ms since the epoch, when the last open was made, and how
 * many there were.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void wait_until(int64_t ns)
{
	struct timespec when = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
}

int main(int argc, char **argv)
{
	char path[128];
	long count = argc > 3 ? strtol(argv[3], NULL, 10) : 0, rate = argc > 4 ? strtol(argv[4], NULL, 10) : 0,
	     made = 0;
	int64_t start = now_ns(CLOCK_MONOTONIC),
		end = argc > 5 ? start + strtol(argv[5], NULL, 10) * 1000000000 : INT64_MAX;

	if (argc < 4)
		return 2;
	snprintf(path, sizeof(path), "/proc/%s/%s", argv[1], argv[2]);
	for (; made < count; made++) {
		if (rate && made % 100 == 0)
			wait_until(start + made * (1000000000 / rate));
		if (made % 100 == 0 && now_ns(CLOCK_MONOTONIC) >= end)
			break;
		int fd = open(path, O_RDONLY);
		if (fd >= 0)
			close(fd);
	}
	printf("%lld %ld\n", (long long)(now_ns(CLOCK_REALTIME) / 1000000), made);
	return 0;
}
