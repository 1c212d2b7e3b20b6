/* tell: messages to the operator, on stderr. */
#ifndef CMD_TELL_H
#define CMD_TELL_H

/* "proctor: …" and a newline. Names of files may be in the text: what a terminal would obey is made visible. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
