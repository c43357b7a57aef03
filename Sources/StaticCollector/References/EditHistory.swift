/// The end of one replacement in the text before and after it, and the number of line feeds it
/// removed.
struct Edit {
  let oldEnd: Int
  let newEnd: Int
  let lines: Int
}

/// The replacements made so far, from which line numbers in the original file are computed.
struct EditHistory {
  /// The positions of removed line feeds, as ascending offsets in the current text.
  fileprivate var removals: [(end: Int, lines: Int)] = []

  /// Adds the edits of one pass over the text, in their order.
  mutating func add(_ edits: [Edit]) {
    var next = 0
    var shift = 0
    for index in removals.indices {
      while next < edits.count, edits[next].oldEnd <= removals[index].end {
        shift = edits[next].newEnd - edits[next].oldEnd
        next += 1
      }
      removals[index].end += shift
    }
    removals += edits.filter { $0.lines != 0 }.map { ($0.newEnd, $0.lines) }
    removals.sort { $0.end < $1.end }
  }
}

/// Computes the line numbers of positions in one text, in ascending order.
struct LineCounter {
  private let text: [UInt8]
  private let removals: [(end: Int, lines: Int)]
  private var position = 0
  private var nextRemoval = 0
  private var line = 1

  /// A counter for `text`, which is the result of the edits in `history`.
  init(_ text: [UInt8], _ history: EditHistory) {
    self.text = text
    removals = history.removals
  }

  /// The line, from 1, that `place` had in the original file.
  mutating func line(of place: Int) -> Int {
    line += text[position..<place].lineFeedCount
    position = place
    while nextRemoval < removals.count, removals[nextRemoval].end <= place {
      line += removals[nextRemoval].lines
      nextRemoval += 1
    }
    return line
  }
}

extension ArraySlice<UInt8> {
  /// The number of line feeds.
  var lineFeedCount: Int { count { $0 == 0x0A } }
}
