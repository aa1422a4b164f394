// Reads frames from standard input.

#pragma once

#include "common.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char FRAME_LINE[] = "FRAME\n";

struct stream {
  bool y4m, began;
  unsigned width, height;
  // Of a frame, with the line before it; what of that has been read; where its pixels begin.
  size_t size, filled, header;
  uint8_t *frame;
  int64_t bytes;
};

static inline struct stream open_stream(const char *format, const char *size) {
  struct stream stream = {.y4m = strcmp(format, "y4m") == 0};
  if (sscanf(size, "%ux%u", &stream.width, &stream.height) != 2) fail("%s: not WxH", size);
  size_t pixels = (size_t)stream.width * stream.height;
  stream.header = stream.y4m ? strlen(FRAME_LINE) : 0;
  stream.size = stream.header + (stream.y4m ? pixels * 3 / 2 : pixels * 4);
  stream.frame = malloc(stream.size);
  fcntl(STDIN_FILENO, F_SETPIPE_SZ, 1 << 20);
  return stream;
}

// The line at the beginning of Y4M: the picture must have the size that we know.
static inline bool read_stream_header(struct stream *stream) {
  char line[200] = "";
  for (size_t length = 0; length < sizeof line - 1; length++) {
    if (read(STDIN_FILENO, line + length, 1) != 1) return false;
    if (line[length] == '\n') break;
  }
  const char *width = strstr(line, " W"), *height = strstr(line, " H");
  if (strncmp(line, "YUV4MPEG2 ", 10) != 0 || !width || !height ||
      strtoul(width + 2, NULL, 10) != stream->width ||
      strtoul(height + 2, NULL, 10) != stream->height)
    fail("not Y4M of %ux%u: %s", stream->width, stream->height, line);
  return true;
}

enum reading { ENDED, PART, WHOLE };

// Reads once, and says what there is then.
static inline enum reading read_some(struct stream *stream) {
  if (stream->y4m && !stream->began && !read_stream_header(stream)) return ENDED;
  stream->began = true;
  if (stream->filled == stream->size) stream->filled = 0;
  ssize_t count =
      read(STDIN_FILENO, stream->frame + stream->filled, stream->size - stream->filled);
  if (count <= 0) return ENDED;
  stream->filled += (size_t)count;
  stream->bytes += count;
  if (stream->filled < stream->size) return PART;
  if (memcmp(stream->frame, FRAME_LINE, stream->header) != 0) fail("no FRAME where one begins");
  return WHOLE;
}

// The number that is painted at a place of the frame.
static inline unsigned read_number(const struct stream *stream, unsigned x, unsigned y) {
  size_t pixel = stream->y4m ? 1 : 4;
  const uint8_t *row = stream->frame + stream->header +
                       ((size_t)(y + BLOCK / 2) * stream->width + x + BLOCK / 2) * pixel;
  unsigned number = 0;
  for (unsigned bit = 0; bit < BITS; bit++) {
    if (row[bit * BLOCK * pixel] > 127) number |= 1u << bit;
  }
  return number;
}
