/* Leaks on purpose: the leak checker attaches a tracer to its own process. */
#include <stdlib.h>
int main(void)
{
	volatile char *lost = malloc(100);
	lost = NULL;
	return lost != NULL;
}
