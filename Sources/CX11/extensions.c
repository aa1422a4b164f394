#include "CX11.h"

#include <X11/Xlib-xcb.h>
#include <X11/Xmd.h>
#include <X11/extensions/XResproto.h>
#include <X11/extensions/shapeproto.h>
#include <sys/uio.h>
#include <xcb/shm.h>
#include <xcb/xcbext.h>

// All that libxcb-shape would be needed for.
static xcb_extension_t shape = {"SHAPE", 0};

int cx11_first_shape_event(Display *display) {
  xcb_connection_t *connection = XGetXCBConnection(display);
  xcb_prefetch_extension_data(connection, &shape);
  xcb_prefetch_extension_data(connection, &xcb_shm_id);
  int event = 0, error = 0;
  bool has_shape = XShapeQueryExtension(display, &event, &error);
  xcb_get_extension_data(connection, &shape);
  xcb_get_extension_data(connection, &xcb_shm_id);
  return has_shape ? event : 0;
}

unsigned cx11_send_shape_query(Display *display, Window window) {
  xShapeQueryExtentsReq request = {.window = (CARD32)window};
  const xcb_protocol_request_t kind = {
      .count = 1, .ext = &shape, .opcode = X_ShapeQueryExtents, .isvoid = 0};
  // xcb puts the parts of what it sends before into the first two.
  struct iovec parts[3] = {{0}, {0}, {&request, sizeof request}};
  return xcb_send_request(XGetXCBConnection(display), XCB_REQUEST_CHECKED, parts + 2, &kind);
}

CX11ShapeExtents cx11_shape_extents(const void *answer) {
  const xShapeQueryExtentsReply *reply = answer;
  return (CX11ShapeExtents){
      .has_bounding = reply->boundingShaped,
      .has_clip = reply->clipShaped,
      .bounding = {reply->xBoundingShape, reply->yBoundingShape, reply->widthBoundingShape,
                   reply->heightBoundingShape},
      .clip = {reply->xClipShape, reply->yClipShape, reply->widthClipShape,
               reply->heightClipShape},
  };
}

static xcb_extension_t resource = {"X-Resource", 0};

unsigned cx11_send_process_query(Display *display, Window window) {
  const xXResClientIdSpec wanted = {.client = (CARD32)window, .mask = X_XResLocalClientPIDMask};
  xXResQueryClientIdsReq request = {.numSpecs = 1};
  const xcb_protocol_request_t kind = {
      .count = 2, .ext = &resource, .opcode = X_XResQueryClientIds, .isvoid = 0};
  struct iovec parts[4] = {{0}, {0}, {&request, sizeof request}, {(void *)&wanted, sizeof wanted}};
  return xcb_send_request(XGetXCBConnection(display), XCB_REQUEST_CHECKED, parts + 2, &kind);
}

int cx11_process(const void *answer) {
  const xXResQueryClientIdsReply *reply = answer;
  const xXResClientIdValue *value = (const void *)(reply + 1);
  // In units of 4 bytes: the value, and the number behind it.
  bool has_number = reply->numIds > 0 && reply->length * 4 >= sizeof *value + sizeof(CARD32);
  return has_number && value->length >= sizeof(CARD32) ? *(const int32_t *)(value + 1) : 0;
}
