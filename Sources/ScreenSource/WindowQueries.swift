import CX11
import CropEngine
import Glibc

/// Requests about windows that are sent together: the answers are taken in the same order.
@safe private struct WindowQueries {
  private let connection: Connection
  private let server: OpaquePointer
  /// The number of a request before them, as Xlib counts.
  private let first: RequestSerial
  /// Numbers of the requests whose answers were not taken yet, as xcb counts, from `next` on.
  private var sequences: [UInt32]
  private var next = 0

  init(_ connection: Connection) {
    self.connection = connection
    first = connection.nextSerial
    unsafe server = XGetXCBConnection(connection.display)
    sequences = connection.sequenceBuffer
    connection.sequenceBuffer = []
  }

  /// Gives back what they needed.
  func end() { connection.sequenceBuffer = sequences }

  mutating func send(_ query: WindowQuery) {
    let id = xcb_window_t(truncatingIfNeeded: query.window)
    if query.parts.contains(.attributes) {
      unsafe sequences.append(xcb_get_window_attributes(server, id).sequence)
    }
    if query.parts.contains(.attributes) || query.parts.contains(.presence) {
      unsafe sequences.append(xcb_get_geometry(server, id).sequence)
    }
    if query.parts.contains(.tree) {
      unsafe sequences.append(xcb_query_tree(server, id).sequence)
    }
    if query.parts.contains(.shape), connection.hasShape {
      unsafe sequences.append(cx11_send_shape_query(connection.display, query.window))
    }
    if query.parts.contains(.propertyNames) {
      unsafe sequences.append(xcb_list_properties(server, id).sequence)
    }
    if query.parts.contains(.process) {
      unsafe sequences.append(cx11_send_process_query(connection.display, query.window))
    }
    for index in query.properties.indices {
      let name = xcb_atom_t(query.properties[index])
      let count = UInt32(WindowProperty.mostBytes / 4)
      unsafe sequences.append(xcb_get_property(server, 0, id, name, 0, 0, count).sequence)
    }
  }

  func flush() { unsafe _ = xcb_flush(server) }

  /// Forgets those whose answers were taken.
  mutating func removeAll() {
    sequences.removeAll(keepingCapacity: true)
    next = 0
  }

  /// The serial of the request whose answer is taken next: xcb counts in 32 bits what Xlib counts
  /// in 64.
  private var nextSerial: RequestSerial {
    next < sequences.count
      ? first + RequestSerial(sequences[next] &- UInt32(truncatingIfNeeded: first)) : first
  }

  /// Waits for the answers to a query.
  mutating func receive(_ query: WindowQuery) -> WindowAnswer {
    var answer = WindowAnswer(window: query.window, since: nextSerial)
    if query.parts.contains(.attributes) {
      let attributes = unsafe receive { unsafe $0.load(as: xcb_get_window_attributes_reply_t.self) }
      let geometry = unsafe receive { unsafe $0.load(as: xcb_get_geometry_reply_t.self) }
      if let attributes, let geometry {
        answer.attributes = WindowAttributes(attributes, geometry)
      }
    } else if query.parts.contains(.presence) {
      answer.isPresent = unsafe receive { _ in true } ?? false
    }
    if query.parts.contains(.tree) {
      answer.childrenSince = nextSerial
      let tree = unsafe receive { reply in
        let tree = unsafe reply.assumingMemoryBound(to: xcb_query_tree_reply_t.self)
        return unsafe (
          parent: WindowID(tree.pointee.parent),
          children: Self.numbers(
            xcb_query_tree_children(tree), count: xcb_query_tree_children_length(tree))
        )
      }
      (answer.parent, answer.children) = (tree?.parent, tree?.children ?? [])
    }
    if query.parts.contains(.shape), connection.hasShape {
      answer.shape = unsafe receive { unsafe WindowShape(cx11_shape_extents($0)) } ?? WindowShape()
    }
    if query.parts.contains(.propertyNames) {
      answer.propertyNames =
        unsafe receive { reply in
          let list = unsafe reply.assumingMemoryBound(to: xcb_list_properties_reply_t.self)
          return unsafe Self.numbers(
            xcb_list_properties_atoms(list), count: xcb_list_properties_atoms_length(list))
        } ?? []
    }
    if query.parts.contains(.process) {
      let number = unsafe receive { unsafe cx11_process($0) } ?? 0
      answer.process = number > 0 ? Int(number) : nil
    }
    for index in query.properties.indices {
      guard let value = unsafe receive({ unsafe WindowProperty($0) }), let value else { continue }
      answer.properties.append((query.properties[index], value))
    }
    return answer
  }

  /// Waits for the next answer; nil where there is an error instead.
  private mutating func receive<Answer>(_ read: (UnsafeMutableRawPointer) -> Answer) -> Answer? {
    let sequence = sequences[next]
    next += 1
    guard let reply = unsafe xcb_wait_for_reply(server, sequence, nil) else { return nil }
    defer { unsafe free(reply) }
    return unsafe read(reply)
  }

  private static func numbers(_ start: UnsafePointer<UInt32>?, count: Int32) -> [UInt] {
    unsafe UnsafeBufferPointer(start: start, count: Int(count)).map { UInt($0) }
  }
}

extension WindowProperty {
  /// nil where the window has none of the name.
  fileprivate init?(_ reply: UnsafeMutableRawPointer) {
    let reply = unsafe reply.assumingMemoryBound(to: xcb_get_property_reply_t.self)
    guard unsafe reply.pointee.type != 0 else { return nil }
    unsafe type = Atom(reply.pointee.type)
    unsafe format = Int(reply.pointee.format)
    let count = unsafe Int(xcb_get_property_value_length(reply))
    unsafe bytes = Array(
      UnsafeRawBufferPointer(start: xcb_get_property_value(reply), count: count))
    unsafe isCut = reply.pointee.bytes_after > 0
  }
}

extension WindowShape {
  fileprivate init(_ extents: CX11ShapeExtents) {
    self.init(
      bounding: extents.has_bounding ? Rect(extents.bounding) : nil,
      clip: extents.has_clip ? Rect(extents.clip) : nil)
  }
}

extension Rect {
  init(_ rect: XRectangle) {
    self.init(
      x: Int(rect.x), y: Int(rect.y), width: Int(rect.width), height: Int(rect.height))
  }
}

extension Connection {
  /// So many windows are asked before the answers are taken: what waits here or at the server
  /// stays small.
  private static let mostAsked = 1000

  /// Asks windows, and hands out the answers in the same order: one round trip for 1,000 of them.
  /// One that is no more there answers nothing.
  ///
  /// Requests that were sent before are carried out before, and events that came before the answers
  /// are read.
  func ask(_ queries: [WindowQuery], _ take: (WindowAnswer) -> Void) {
    guard !queries.isEmpty else { return }
    var requests = WindowQueries(self)
    var batch = 0..<0
    while batch.endIndex < queries.count {
      batch = batch.endIndex..<min(batch.endIndex + Self.mostAsked, queries.count)
      for index in batch { requests.send(queries[index]) }
      requests.flush()
      for index in batch { take(requests.receive(queries[index])) }
      requests.removeAll()
    }
    requests.end()
    noteOtherRequests()
    readEvents()
  }

  /// The answers of windows that are all asked the same.
  func ask(
    _ windows: [WindowID], _ parts: WindowQuery.Parts = [], properties: [Atom] = []
  ) -> [WindowAnswer] {
    var answers: [WindowAnswer] = []
    answers.reserveCapacity(windows.count)
    ask(windows.map { WindowQuery($0, parts, properties: properties) }) { answers.append($0) }
    return answers
  }

  /// The answer of one window.
  func ask(
    _ window: WindowID, _ parts: WindowQuery.Parts = [], properties: [Atom] = []
  ) -> WindowAnswer {
    ask([window], parts, properties: properties)[0]
  }
}
