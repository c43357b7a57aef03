internal import StaticAssets
internal import StaticCollector

/// A snapshot of the progress as text.
struct ProgressLine {
  private let snapshot: CollectProgress.Snapshot
  private let secondsLeft: Int?

  init(_ snapshot: CollectProgress.Snapshot, secondsLeft: Int?) {
    self.snapshot = snapshot
    self.secondsLeft = secondsLeft
  }

  /// The line for a log.
  var plain: String {
    ([verb] + facts + current(width: 60)).joined(separator: ", ")
  }

  /// The line for a terminal of `width` columns, without the last column: some terminals wrap
  /// there.
  func bar(width: Int, hasColor: Bool) -> String {
    guard let share else {
      return String(([verb] + facts).joined(separator: "  ").prefix(width - 1))
    }
    let length = width < 100 ? max(4, width / 8) : min(60, width / 5)
    let filled = Int(share * Double(length))
    let percent = Int(share * 100)
    let head = "\(verb) [\(String(repeating: "#", count: filled))"
    let rest = "\(String(repeating: "-", count: length - filled))] \(percent) %"
    var tail = ""
    for fact in facts where head.count + rest.count + tail.count + fact.count + 2 < width {
      tail += "  \(fact)"
    }
    let room = width - 3 - head.count - rest.count - tail.count
    for name in current(width: room) { tail += "  \(name)" }
    let line = head + rest + tail
    guard hasColor, line.count < width else { return String(line.prefix(width - 1)) }
    return "\u{1B}[32m\(head)\u{1B}[0m\(rest)\(tail)"
  }

  private var verb: String {
    switch snapshot.phase {
    case .listing: "Looking for files"
    case .reading: "Reading"
    case .building: snapshot.byteCount > 0 ? "Compressing" : "Copying"
    case .comparing: "Comparing"
    case .publishing: "Publishing"
    }
  }

  /// The share that is done, from 0 to 1; nil if it is unknown.
  private var share: Double? {
    if snapshot.byteCount > 0 { return Double(snapshot.bytesDone) / Double(snapshot.byteCount) }
    guard snapshot.fileCount > 0 else { return nil }
    return Double(snapshot.filesDone) / Double(snapshot.fileCount)
  }

  private var facts: [String] {
    var facts: [String] = []
    if snapshot.byteCount > 0 {
      facts.append("\(mebibytes(snapshot.bytesDone))/\(mebibytes(snapshot.byteCount)) MiB")
    }
    if snapshot.fileCount > 0 { facts.append("\(snapshot.filesDone)/\(snapshot.fileCount) files") }
    if let secondsLeft {
      let seconds = secondsLeft % 60
      facts.append("\(secondsLeft / 60):\(seconds < 10 ? "0" : "")\(seconds) left")
    }
    return facts
  }

  private func mebibytes(_ byteCount: Int) -> String {
    let tenths = (byteCount * 10 + (1 << 19)) >> 20
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The file that has been in work longest, or the end of its path if `width` is short; nothing if
  /// `width` is too short for a useful part.
  private func current(width: Int) -> [String] {
    guard let path = snapshot.current.first, width >= 12 else { return [] }
    // Other characters might move the cursor or take two columns.
    let name = path.description.unicodeScalars.map { (0x20..<0x7F).contains($0.value) ? $0 : "?" }
    let text = String(String.UnicodeScalarView(name))
    return [text.count <= width ? text : "...\(text.suffix(width - 3))"]
  }
}
