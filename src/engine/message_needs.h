/* message_needs: which metadata a search looks at, so that nothing is decoded for nobody. */
#ifndef ENGINE_MESSAGE_NEEDS_H
#define ENGINE_MESSAGE_NEEDS_H

#include "query/ast.h"

struct message_needs {
	bool time, host, category; /* _messageTime, _sourceHost, _sourceCategory */
};

/*
 * What the rows of a search without an aggregate show is all of it. Before an
 * aggregate, what is named, and the time where the order matters: errs on the
 * side of too much.
 */
struct message_needs message_needs_of(const struct query *query);

#endif
