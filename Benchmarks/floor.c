// What a capture costs at least: one thread, XShmGetImage of a rectangle into a slot of one shared
// segment, libyuv for Y4M, vmsplice into a pipe of 1 MiB. Nothing is looked after: no geometry, no
// cursor, no error of X.
//
//   floor DISPLAY raw|y4m WxH+X+Y FRAMES        to standard output, as fast as it takes them
//   floor DISPLAY raw|y4m WxH+X+Y FRAMES RATE   grabs once, and writes that RATE times a second
//   floor DISPLAY grab WxH+X+Y FRAMES           the median time of a grab, in ns

#define _GNU_SOURCE
#include "common.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <fcntl.h>
#include <libyuv.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/uio.h>
#include <unistd.h>

static const size_t PAGE = 4096;

static size_t whole_pages(size_t bytes) { return (bytes + PAGE - 1) / PAGE * PAGE; }

// Gives the pages to the pipe: they may be changed only when the reader has taken them out.
static void splice_all(struct iovec *parts, size_t count) {
  while (count > 0) {
    ssize_t done = vmsplice(STDOUT_FILENO, parts, count, 0);
    if (done < 0) fail("vmsplice: %m");
    for (; count > 0 && (size_t)done >= parts->iov_len; parts++, count--) done -= parts->iov_len;
    if (count > 0) {
      parts->iov_base = (char *)parts->iov_base + done;
      parts->iov_len -= (size_t)done;
    }
  }
}

static int earlier(const void *one, const void *other) {
  int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
  return (a > b) - (a < b);
}

int main(int count, char **arguments) {
  if (count < 5) fail("floor DISPLAY raw|y4m|grab WxH+X+Y FRAMES [RATE]");
  bool y4m = strcmp(arguments[2], "y4m") == 0, writes = strcmp(arguments[2], "grab") != 0;
  int x, y;
  unsigned width, height;
  if (XParseGeometry(arguments[3], &x, &y, &width, &height) !=
      (XValue | YValue | WidthValue | HeightValue))
    fail("%s: not WxH+X+Y", arguments[3]);
  long frames = atol(arguments[4]);
  int64_t period = count > 5 ? (int64_t)(1e9 / atof(arguments[5])) : 0;

  Display *display = XOpenDisplay(arguments[1]);
  if (!display) fail("%s: cannot open the display", arguments[1]);
  Visual *visual = DefaultVisual(display, DefaultScreen(display));
  unsigned depth = (unsigned)DefaultDepth(display, DefaultScreen(display));

  size_t picture = (size_t)width * height * 4;
  size_t luma = (size_t)width * height;
  size_t frame = y4m ? luma * 3 / 2 : picture;

  // A slot is written to again when whatever came after it fills the pipe and one frame more, for
  // a reader that has spliced on what it took.
  size_t slots = 1;
  if (writes) {
    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20);
    int pipe_size = fcntl(STDOUT_FILENO, F_GETPIPE_SZ);
    if (pipe_size < 0) fail("standard output is not a pipe");
    slots = 2 + ((size_t)pipe_size + frame - 1) / frame;
  }

  XShmSegmentInfo segment = {.readOnly = False};
  size_t pitch = whole_pages(picture);
  segment.shmid = shmget(IPC_PRIVATE, pitch * (y4m ? 1 : slots), IPC_CREAT | 0600);
  if (segment.shmid < 0) fail("shmget: %m");
  segment.shmaddr = shmat(segment.shmid, NULL, 0);
  XShmAttach(display, &segment);
  XSync(display, False);
  shmctl(segment.shmid, IPC_RMID, NULL);
  XImage *image =
      XShmCreateImage(display, visual, depth, ZPixmap, segment.shmaddr, &segment, width, height);
  if (image->bits_per_pixel != 32) fail("not a screen of 32 bits a pixel");

  size_t converted_pitch = whole_pages(frame);
  uint8_t *converted = NULL;
  if (y4m) {
    converted = mmap(NULL, converted_pitch * slots, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (converted == MAP_FAILED) fail("mmap: %m");
  }
  int64_t *times = writes ? NULL : calloc((size_t)frames, sizeof *times);

  int64_t start = now();
  for (long number = 0; number < frames; number++) {
    size_t slot = period ? 0 : (size_t)number % slots;
    char *pixels = segment.shmaddr + (y4m ? 0 : slot * pitch);
    uint8_t *planes = converted + slot * converted_pitch;
    if (period && number > 0) {
      sleep_until(start + number * period);
    } else {
      int64_t begin = now();
      image->data = pixels;
      XShmGetImage(display, DefaultRootWindow(display), image, x, y, AllPlanes);
      if (times) times[number] = now() - begin;
      if (y4m) {
        ARGBToI420((uint8_t *)pixels, (int)width * 4, planes, (int)width, planes + luma,
                   (int)width / 2, planes + luma * 5 / 4, (int)width / 2, (int)width, (int)height);
      }
    }
    if (y4m && number == 0)
      dprintf(STDOUT_FILENO, "YUV4MPEG2 W%u H%u F60:1 Ip A1:1 C420jpeg\n", width, height);
    if (y4m) {
      struct iovec parts[] = {{"FRAME\n", 6}, {planes, frame}};
      splice_all(parts, 2);
    } else if (writes) {
      splice_all(&(struct iovec){pixels, frame}, 1);
    }
  }
  if (times) {
    qsort(times, (size_t)frames, sizeof *times, earlier);
    printf("%lld\n", (long long)times[frames / 2]);
  }
  return 0;
}
