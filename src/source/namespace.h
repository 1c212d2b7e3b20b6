/* namespace: whether we stand where the kernel's audit speaks. */
#ifndef SOURCE_NAMESPACE_H
#define SOURCE_NAMESPACE_H

enum is_initial { INITIAL_NO, INITIAL_YES, INITIAL_UNKNOWN };

/* Of the network namespace. Unknown where init cannot be looked at and the kernel is older than 6.18. */
enum is_initial namespace_net_is_initial(void);

#endif
