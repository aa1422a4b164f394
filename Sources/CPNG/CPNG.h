#ifndef CPNG_H
#define CPNG_H

#include <png.h>

/// PNG_IMAGE_PNG_SIZE_MAX is a macro of a structure: the most bytes that an image can come to.
static inline size_t cpng_size_max(const png_image *image) {
  return PNG_IMAGE_PNG_SIZE_MAX(*image);
}

#endif
