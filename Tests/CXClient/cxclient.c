#define _GNU_SOURCE
#include "CXClient.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void stay(Display *display, void *data) {
  (void)display;
  (void)data;
}

static int say_nothing(Display *display) {
  (void)display;
  return 0;
}

Display *client_open_display(const char *name) {
  XSetIOErrorHandler(say_nothing);
  Display *display = XOpenDisplay(name);
  if (display) XSetIOErrorExitHandler(display, stay, NULL);
  return display;
}

static _Thread_local XID wanted;

static XID give_wanted(Display *display) {
  (void)display;
  return wanted;
}

void client_create_window(Display *display, Window id, Window parent, int x, int y,
                          unsigned width, unsigned height, unsigned long colour) {
  _XPrivDisplay inside = (_XPrivDisplay)display;
  XID (*allocate)(Display *) = inside->resource_alloc;
  wanted = id;
  inside->resource_alloc = give_wanted;
  XCreateSimpleWindow(display, parent, x, y, width, height, 0, 0, colour);
  inside->resource_alloc = allocate;
}

pid_t client_spawn(const char *path, char *const *arguments, char *const *environment,
                   const char *folder, int input, int output, int errors) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (folder) posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  pid_t process;
  int failed = posix_spawn(&process, path, &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed ? -1 : process;
}

ssize_t client_splice(int from, int to, size_t count) {
  return splice(from, NULL, to, NULL, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
}

ssize_t client_tee(int from, int to, size_t count) {
  return tee(from, to, count, SPLICE_F_NONBLOCK);
}

int client_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int client_exit_status(pid_t process) {
  int status;
  if (waitpid(process, &status, WNOHANG) != process) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int client_open_terminal(int *master) {
  char name[128];
  *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*master < 0 || grantpt(*master) || unlockpt(*master)) return -1;
  if (ptsname_r(*master, name, sizeof name)) return -1;
  return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

// Writes pixel values into a drawable of the window's kind.
static void put(Display *display, Window window, Drawable drawable, int width, int height,
                const unsigned long *pixels) {
  XWindowAttributes about;
  XGetWindowAttributes(display, window, &about);
  XImage *image = XCreateImage(display, about.visual, (unsigned)about.depth, ZPixmap, 0, NULL,
                               (unsigned)width, (unsigned)height, 32, 0);
  image->data = calloc((size_t)image->bytes_per_line, (size_t)height);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) XPutPixel(image, x, y, pixels[y * width + x]);
  }
  GC context = XCreateGC(display, drawable, 0, NULL);
  XPutImage(display, drawable, context, image, 0, 0, 0, 0, (unsigned)width, (unsigned)height);
  XFreeGC(display, context);
  XDestroyImage(image);
}

void client_put_pixels(Display *display, Window window, int width, int height,
                       const unsigned long *pixels) {
  put(display, window, window, width, height, pixels);
}

void client_set_background(Display *display, Window window, int width, int height,
                           const unsigned long *pixels) {
  XWindowAttributes about;
  XGetWindowAttributes(display, window, &about);
  Pixmap tile = XCreatePixmap(display, window, (unsigned)width, (unsigned)height,
                              (unsigned)about.depth);
  put(display, window, tile, width, height, pixels);
  XSetWindowBackgroundPixmap(display, window, tile);
  XClearWindow(display, window);
  XFreePixmap(display, tile);
}

Window client_create_argb_window(Display *display, Window parent, int x, int y, unsigned width,
                                 unsigned height, unsigned long pixel) {
  XVisualInfo look;
  if (!XMatchVisualInfo(display, DefaultScreen(display), 32, TrueColor, &look)) return None;
  XSetWindowAttributes about = {.background_pixel = pixel};
  about.colormap = XCreateColormap(display, parent, look.visual, AllocNone);
  return XCreateWindow(display, parent, x, y, width, height, 0, 32, InputOutput, look.visual,
                       CWBackPixel | CWBorderPixel | CWColormap, &about);
}

Window client_create_bare_window(Display *display, Window parent, int x, int y, unsigned width,
                                 unsigned height, unsigned border, unsigned long border_pixel,
                                 bool has_alpha) {
  XVisualInfo look = {.visual = CopyFromParent, .depth = CopyFromParent};
  XSetWindowAttributes about = {.background_pixmap = None, .border_pixel = border_pixel};
  unsigned long given = CWBackPixmap | CWBorderPixel;
  if (has_alpha) {
    if (!XMatchVisualInfo(display, DefaultScreen(display), 32, TrueColor, &look)) return None;
    about.colormap = XCreateColormap(display, parent, look.visual, AllocNone);
    given |= CWColormap;
  }
  return XCreateWindow(display, parent, x, y, width, height, border, look.depth, InputOutput,
                       look.visual, given, &about);
}

static _Thread_local bool is_refused;

static int note_refusal(Display *display, XErrorEvent *event) {
  (void)display;
  (void)event;
  is_refused = true;
  return 0;
}

bool client_is_redirected(Display *display, Window window) {
  // Errors of requests before go to whom they are for.
  XSync(display, False);
  XErrorHandler handler = XSetErrorHandler(note_refusal);
  is_refused = false;
  Pixmap storage = XCompositeNameWindowPixmap(display, window);
  XSync(display, False);
  if (!is_refused) XFreePixmap(display, storage);
  XSetErrorHandler(handler);
  return !is_refused;
}

void client_copy_pixels(unsigned *to, const void *from, size_t stride, size_t width,
                        size_t height, unsigned bits) {
  for (size_t y = 0; y < height; y++) {
    const unsigned *row = (const unsigned *)((const char *)from + y * stride);
    for (size_t x = 0; x < width; x++) *to++ = row[x] & bits;
  }
}

size_t client_count_bits(const void *pixels, size_t stride, size_t width, size_t height,
                         unsigned bits) {
  size_t count = 0;
  for (size_t y = 0; y < height; y++) {
    const unsigned *row = (const unsigned *)((const char *)pixels + y * stride);
    for (size_t x = 0; x < width; x++) count += (row[x] & bits) != 0;
  }
  return count;
}

Cursor client_create_cursor(Display *display, int width, int height, int hot_x, int hot_y,
                            const unsigned long *pixels) {
  Pixmap map = XCreatePixmap(display, DefaultRootWindow(display), (unsigned)width,
                             (unsigned)height, 32);
  XImage *image = XCreateImage(display, NULL, 32, ZPixmap, 0, NULL, (unsigned)width,
                               (unsigned)height, 32, 0);
  image->data = calloc((size_t)image->bytes_per_line, (size_t)height);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) XPutPixel(image, x, y, pixels[y * width + x]);
  }
  GC context = XCreateGC(display, map, 0, NULL);
  XPutImage(display, map, context, image, 0, 0, 0, 0, (unsigned)width, (unsigned)height);
  XRenderPictFormat *format = XRenderFindStandardFormat(display, PictStandardARGB32);
  Picture picture = XRenderCreatePicture(display, map, format, 0, NULL);
  Cursor cursor = XRenderCreateCursor(display, picture, (unsigned)hot_x, (unsigned)hot_y);
  XRenderFreePicture(display, picture);
  XFreeGC(display, context);
  XDestroyImage(image);
  XFreePixmap(display, map);
  return cursor;
}

void client_set_monitor(Display *display, const char *name, int x, int y, int width, int height,
                        bool primary) {
  XRRMonitorInfo *monitor = XRRAllocateMonitor(display, 0);
  monitor->name = XInternAtom(display, name, False);
  monitor->primary = primary;
  monitor->x = x;
  monitor->y = y;
  monitor->width = width;
  monitor->height = height;
  monitor->mwidth = width;
  monitor->mheight = height;
  XRRSetMonitor(display, DefaultRootWindow(display), monitor);
  XRRFreeMonitors(monitor);
}

static int is_answered(const char *path, uid_t user) {
  static const char request[] = "{\"id\":1,\"op\":\"state\"}\n";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  if (syscall(SYS_setresuid, user, user, user) != 0) return -1;
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  send(descriptor, request, sizeof request - 1, MSG_NOSIGNAL);
  char byte;
  return read(descriptor, &byte, 1) == 1;
}

int client_is_answered(const char *path, uid_t user) {
  pid_t process = fork();
  if (process == 0) _exit(is_answered(path, user) + 1);
  int status;
  if (process < 0 || waitpid(process, &status, 0) != process) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) - 1 : -1;
}
