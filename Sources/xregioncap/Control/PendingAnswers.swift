/// Answers to changes that were accepted, each due when every older frame is dropped or wholly
/// written.
struct PendingAnswers {
  private var answers: [(ticket: ControlRequest.Ticket, answer: ControlAnswer, frames: Int)] = []

  /// Answers when so many frames are written.
  mutating func append(
    _ answer: ControlAnswer, for ticket: ControlRequest.Ticket, dueAt frames: Int
  ) {
    answers.append((ticket, answer, frames))
  }

  /// The next answer that is due with so many frames `written`.
  mutating func next(written: Int) -> (ControlRequest.Ticket, ControlAnswer)? {
    guard let first = answers.first, first.frames <= written else { return nil }
    answers.removeFirst()
    return (first.ticket, first.answer)
  }

  /// Forgets those that are not due. Returns who waits for them.
  mutating func removeAll() -> [ControlRequest.Ticket] {
    defer { answers = [] }
    return answers.map(\.ticket)
  }
}
