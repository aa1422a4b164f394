#ifndef XSTORM_H
#define XSTORM_H

#include <X11/Xlib.h>

/// Says that from here on nothing stands still: the tests wait for this line.
void begin(void);

/// Covers, moves, grows and hides a window without background that is painted now and then.
void veil(Display *display, char **arguments);

#endif
