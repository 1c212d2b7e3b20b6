#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *err, int number, const char *format, ...)
{
	va_list args;

	if (!err)
		return number;
	err->number = number;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return number;
}
