// Xlib for the windows that tests put on the screen: another client than the one under test.

#ifndef CXCLIENT_H
#define CXCLIENT_H

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xcomposite.h>
#include <X11/extensions/Xfixes.h>
#include <X11/extensions/Xrandr.h>
#include <X11/extensions/Xrender.h>
#include <X11/extensions/shape.h>
#include <stdbool.h>
#include <stddef.h>

/// XOpenDisplay, for a server that a test may kill: Xlib would end the test along with it.
Display *client_open_display(const char *name);

/// XCreateSimpleWindow with an id of the caller's choice: one that a destroyed window had.
void client_create_window(Display *display, Window id, Window parent, int x, int y,
                          unsigned width, unsigned height, unsigned long colour);

/// Writes pixel values, row by row, into a window of any depth: XPutPixel is a macro.
void client_put_pixels(Display *display, Window window, int width, int height,
                       const unsigned long *pixels);

/// Gives a window of any depth a background of pixel values, row by row, and paints it.
void client_set_background(Display *display, Window window, int width, int height,
                           const unsigned long *pixels);

/// A window of depth 32, of one pixel value; None where the server has no such visual.
Window client_create_argb_window(Display *display, Window parent, int x, int y, unsigned width,
                                 unsigned height, unsigned long pixel);

/// A window without background: what is painted where it comes to be stays in it. Of its parent's
/// depth, or of depth 32; None where the server has no such visual.
Window client_create_bare_window(Display *display, Window parent, int x, int y, unsigned width,
                                 unsigned height, unsigned border, unsigned long border_pixel,
                                 bool has_alpha);

/// Whether some client has redirected a viewable window to a storage of its own
/// (XCompositeNameWindowPixmap, which is an error where none has).
bool client_is_redirected(Display *display, Window window);

/// How many of the pixels, of four bytes each, have any of these bits.
size_t client_count_bits(const void *pixels, size_t stride, size_t width, size_t height,
                         unsigned bits);

/// Copies a picture whose rows are `stride` bytes apart, row by row: of each pixel, of four bytes,
/// these bits.
void client_copy_pixels(unsigned *to, const void *from, size_t stride, size_t width,
                        size_t height, unsigned bits);

/// A cursor of many colours: each pixel alpha, red, green, blue, premultiplied.
Cursor client_create_cursor(Display *display, int width, int height, int hot_x, int hot_y,
                            const unsigned long *pixels);

/// Defines a monitor that belongs to no output.
void client_set_monitor(Display *display, const char *name, int x, int y, int width, int height,
                        bool primary);

// Programs that tests start. Foundation's Process hands the signal mask of its thread on, which
// blocks nearly all signals in a test.

#include <sys/types.h>

/// Starts a program in a folder, with no signal blocked or ignored and no descriptors but these.
/// Returns its process id, or -1.
pid_t client_spawn(const char *path, char *const *arguments, char *const *environment,
                   const char *folder, int input, int output, int errors);

/// splice and tee need _GNU_SOURCE. What is in a pipe goes into another one, out of it or not, as
/// far as it is there and there is room; returns the bytes, -1 where none could.
ssize_t client_splice(int from, int to, size_t count);
ssize_t client_tee(int from, int to, size_t count);

/// A descriptor that is readable when the process has ended.
int client_process_descriptor(pid_t process);

/// waitpid's macros: the exit status, 128 + N where signal N ended it; -1 while it runs.
int client_exit_status(pid_t process);

/// Opens a terminal (posix_openpt and its helpers, which need _GNU_SOURCE). Returns the side that
/// programs write to, or -1; the side to read from goes to `master`.
int client_open_terminal(int *master);

/// Asks a control socket for its state as another user, in a process of its own: 1 where it is
/// answered, 0 where the connection is ended, -1 where there is none.
int client_is_answered(const char *path, uid_t user);

#endif
