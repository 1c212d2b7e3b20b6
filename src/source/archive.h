/*
 * archive: the members of tar and zip archives, never unpacked, and lz4, by
 * libarchive. Only the formats named here are enabled; none of them runs a
 * program.
 */
#ifndef SOURCE_ARCHIVE_H
#define SOURCE_ARCHIVE_H

#include "source/stream.h"

/* A longer name is cut there. */
#define ARCHIVE_NAME_MAX 4096

/*
 * What comes out when `inner` is decompressed. Takes inner over. A stream that is broken says so when it is
 * read. NULL when memory is out.
 */
struct stream *archive_lz4(struct stream *inner);

struct archive_reader;

struct archive_member {
	char name[ARCHIVE_NAME_MAX + 1];
	char link[ARCHIVE_NAME_MAX + 1]; /* where a symbolic link points, or empty */
	bool regular, symlink, encrypted;
	uint64_t size;	     /* as the archive says; 0 when it does not */
	int64_t modified_ms; /* 0 unknown */
};

/*
 * Reads a tar or zip archive from `inner`, which it takes over; a tar that is
 * compressed wants decompress_stream before. NULL when memory is out.
 */
struct archive_reader *archive_reader_create(struct stream *inner);
void archive_reader_destroy(struct archive_reader *reader);

/* 1: *member is the next one. 0: the end. Negative errno: the archive is broken here, err says how. */
int archive_reader_next(struct archive_reader *reader, struct archive_member *member, struct err *err);

/* How far what the archive is read from has been read on disk. */
uint64_t archive_reader_position(const struct archive_reader *reader);

/* The bytes of the current member, until the next one is asked for. NULL when memory is out. */
struct stream *archive_reader_stream(struct archive_reader *reader);

#endif
