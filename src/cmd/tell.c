#include "cmd/tell.h"

#include <stdarg.h>
#include <stdio.h>

#include "sink/escape.h"

void tell(const char *format, ...)
{
	struct buffer line = { 0 };
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buffer_text(&line, "proctor: ");
	escape_terminal(&line, span_of(text), 0, escape_locale_is_utf8());
	buffer_add_byte(&line, '\n');
	if (!line.failed)
		fwrite(line.data, 1, line.len, stderr);
	buffer_finish(&line);
}
