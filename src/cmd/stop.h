/*
 * stop: Ctrl-C and SIGTERM end a scan early, with what was found until then.
 * A second one kills at once.
 */
#ifndef CMD_STOP_H
#define CMD_STOP_H

/*
 * From now on SIGINT and SIGTERM are remembered, unless they were ignored. A
 * read of standard input that waits when one comes sees its end: whoever
 * reads it cannot know of us.
 */
void stop_watch(void);

/* The signal that came, or 0. */
int stop_signal(void);

#endif
