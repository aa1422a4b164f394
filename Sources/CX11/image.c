#include "CX11.h"

#include <X11/Xlib-xcb.h>
#include <stdint.h>
#include <stdlib.h>
#include <xcb/shm.h>
#include <xcb/xcb.h>

// xcb counts in 32 bits what Xlib counts in 64.
static unsigned long widened(unsigned long first, unsigned sequence) {
  return first + (uint32_t)(sequence - (uint32_t)first);
}

unsigned long cx11_send_shared_image(Display *display, unsigned long first, Drawable drawable,
                                     int x, int y, unsigned width, unsigned height,
                                     ShmSeg segment, unsigned offset) {
  xcb_shm_get_image_cookie_t cookie = xcb_shm_get_image(
      XGetXCBConnection(display), (xcb_drawable_t)drawable, (int16_t)x, (int16_t)y,
      (uint16_t)width, (uint16_t)height, ~0u, XCB_IMAGE_FORMAT_Z_PIXMAP, (xcb_shm_seg_t)segment,
      offset);
  return widened(first, cookie.sequence);
}

unsigned long cx11_send_image(Display *display, unsigned long first, Drawable drawable, int x,
                              int y, unsigned width, unsigned height) {
  xcb_get_image_cookie_t cookie =
      xcb_get_image(XGetXCBConnection(display), XCB_IMAGE_FORMAT_Z_PIXMAP,
                    (xcb_drawable_t)drawable, (int16_t)x, (int16_t)y, (uint16_t)width,
                    (uint16_t)height, ~0u);
  return widened(first, cookie.sequence);
}

void cx11_send_server_grab(Display *display, bool grabs) {
  xcb_connection_t *connection = XGetXCBConnection(display);
  if (grabs)
    xcb_grab_server(connection);
  else
    xcb_ungrab_server(connection);
}

void cx11_flush(Display *display) { xcb_flush(XGetXCBConnection(display)); }

static void take(xcb_generic_error_t *from, CX11Error *to) {
  *to = (CX11Error){0};
  if (from == NULL) return;
  to->code = from->error_code;
  to->request = from->major_code;
  to->minor = (unsigned char)from->minor_code;
  free(from);
}

bool cx11_await_shared_image(Display *display, unsigned long serial, CX11Error *error) {
  xcb_shm_get_image_cookie_t cookie = {.sequence = (unsigned)serial};
  xcb_generic_error_t *sent = NULL;
  xcb_shm_get_image_reply_t *reply =
      xcb_shm_get_image_reply(XGetXCBConnection(display), cookie, &sent);
  if (reply == NULL) take(sent, error);
  free(reply);
  return reply != NULL;
}

void *cx11_await_image(Display *display, unsigned long serial, const void **pixels,
                       CX11Error *error) {
  xcb_get_image_cookie_t cookie = {.sequence = (unsigned)serial};
  xcb_generic_error_t *sent = NULL;
  xcb_get_image_reply_t *reply = xcb_get_image_reply(XGetXCBConnection(display), cookie, &sent);
  if (reply == NULL)
    take(sent, error);
  else
    *pixels = xcb_get_image_data(reply);
  return reply;
}
