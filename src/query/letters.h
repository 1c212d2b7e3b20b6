/*
 * letters: characters of UTF-8 text. Case is changed for the letters of Latin,
 * Greek, Cyrillic and Armenian that have one counterpart of the same length,
 * so a text keeps its length; every other byte stays.
 */
#ifndef QUERY_LETTERS_H
#define QUERY_LETTERS_H

#include "base/span.h"

/* Characters are counted by their first bytes: a stray continuation byte belongs to what stands before it. */
size_t letters_count(struct span text);

/* The offset of the character of that number, or text.len when there are fewer. */
size_t letters_offset(struct span text, size_t number);

void letters_to_lower(char *text, size_t len);
void letters_to_upper(char *text, size_t len);

#endif
