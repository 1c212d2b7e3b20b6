#include "drill/int80.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#define TEXT_MAX 4096

#ifdef __x86_64__
long int80(long number, long a, long b, long c, long d)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	return (int)result;
}

const char *int80_text(const char *text)
{
	char *room = mmap(NULL, TEXT_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (room == MAP_FAILED)
		return NULL;
	strncpy(room, text, TEXT_MAX - 1);
	return room;
}
#else
long int80(long number, long a, long b, long c, long d)
{
	(void)number, (void)a, (void)b, (void)c, (void)d;
	return -ENOSYS;
}

const char *int80_text(const char *text)
{
	return text;
}
#endif
