/*
 * shell_word: text from a log, quoted so that a shell takes it for one word and nothing else.
 *
 * Safe in bash, dash, zsh, ksh and busybox, in scripts and pasted at a
 * prompt: no quote, backslash, exclamation mark, newline or byte that is not
 * ASCII ever stands as itself. What is printed is printable ASCII, so that no
 * terminal changes it, and no escape of ours.
 */
#ifndef SINK_SHELL_WORD_H
#define SINK_SHELL_WORD_H

#include "base/buffer.h"

#define SHELL_WORD_MAX 4096 /* bytes of the text: PATH_MAX */

/* False, and nothing is added, when no word can be it: it holds a NUL, or is empty or too long. */
bool shell_word(struct buffer *to, struct span text);

#endif
