/* orders: signals that a watch obeys when it has time for them: SIGINT, SIGTERM, SIGHUP, SIGUSR1. */
#ifndef CMD_ORDERS_H
#define CMD_ORDERS_H

#include "base/err.h"
#include "engine/watch.h"

/* From now on they wait to be asked for. A descriptor that is readable when there is one, or a negative errno. */
int orders_open(struct err *err);

/* The next, or WATCH_ON. After WATCH_STOP, a second SIGINT or SIGTERM ends the process at once. */
enum watch_order orders_next(int fd);

#endif
