/* terminal: what the place we write to can show. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>

/* What the user asked for, of what is otherwise found out. */
enum choice { CHOICE_AUTO, CHOICE_ALWAYS, CHOICE_NEVER };

int choice_from_name(const char *name); /* "auto", "always", "never"; -1 when it is none */

/* A terminal that is not dumb, and NO_COLOR (https://no-color.org) is not set. */
bool terminal_colours(int fd, enum choice choice);

/* $COLUMNS, else the columns of the terminal, else 0: it is no terminal. */
unsigned terminal_width(int fd);

/* Whether both descriptors lead to the same file, pipe or terminal. */
bool terminal_same(int one, int other);

#endif
