/// Text in columns, for a terminal or for a reader that takes lines of any length.
struct TextTable {
  struct Column {
    let title: String
    /// Cells are cut to this on a terminal.
    var most = Int.max
    /// Where a terminal is narrow, columns go in this order, from 1; 0 for those that stay.
    var goes = 0
  }

  /// Columns that the last one is to have, before others go for it.
  private static let roomForLast = 16
  /// Cells that are longer stand out of their column, where they are not cut.
  private static let widest = 40
  private static let gap = 2

  let columns: [Column]
  var rows: [[String]] = []

  /// The lines, the first of them the titles: not longer than `width` columns, nil for no bound.
  func lines(width: Int?) -> [String] {
    let widths = columns.indices.map { cellWidth($0, isCut: width != nil) }
    let shown = shown(of: widths, in: width)
    return ([columns.map(\.title)] + rows).map { row in
      var line = ""
      for column in shown.dropLast() {
        let cell = width == nil ? row[column] : row[column].cut(to: columns[column].most)
        line += cell.padded(to: widths[column]) + String(repeating: " ", count: Self.gap)
      }
      line += row[shown.last!]
      while line.last == " " { line.removeLast() }
      return width.map(line.cut) ?? line
    }
  }

  /// The columns that there is room for.
  private func shown(of widths: [Int], in width: Int?) -> [Int] {
    var shown = Array(columns.indices)
    guard let width else { return shown }
    let going = shown.filter { columns[$0].goes > 0 }
      .sorted { columns[$0].goes < columns[$1].goes }
    for column in going {
      let before = shown.dropLast().reduce(0) { $0 + widths[$1] + Self.gap }
      if before + Self.roomForLast <= width { break }
      shown.removeAll { $0 == column }
    }
    return shown
  }

  private func cellWidth(_ column: Int, isCut: Bool) -> Int {
    let longest = rows.map { $0[column].columns }.max() ?? 0
    let most = isCut ? columns[column].most : Self.widest
    return max(columns[column].title.columns, min(longest, most))
  }
}
