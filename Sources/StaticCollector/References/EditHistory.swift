/// Where one replacement ended in the text before and after it, and how many line feeds it took.
struct Edit {
  let oldEnd: Int
  let newEnd: Int
  let lines: Int
}

/// The replacements made so far, to tell which line a place had in the file as it came.
struct EditHistory {
  /// Where line feeds went, as offsets in the current text.
  private var removals: [(end: Int, lines: Int)] = []

  /// Adds the edits of one pass over the text, in their order.
  mutating func add(_ edits: [Edit]) {
    removals = removals.map { removal in
      let last = edits.last { $0.oldEnd <= removal.end }
      return (removal.end + (last.map { $0.newEnd - $0.oldEnd } ?? 0), removal.lines)
    }
    removals += edits.filter { $0.lines != 0 }.map { ($0.newEnd, $0.lines) }
  }

  /// The line, from 1, that `position` of the current text had at first.
  func line(of position: Int, in text: [UInt8]) -> Int {
    let removed = removals.reduce(0) { $0 + ($1.end <= position ? $1.lines : 0) }
    return text[..<position].lineFeedCount + removed + 1
  }
}

extension ArraySlice<UInt8> {
  /// The number of line feeds.
  var lineFeedCount: Int { count { $0 == 0x0A } }
}
