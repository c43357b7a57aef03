/// A `Range` field by RFC 9110 §14.1.2 and the documented limits, evaluated by marking bytes.
struct NaiveRanges {
  /// The requested parts.
  private(set) var sent = Sent.whole

  init(_ value: [Character], size: Int) {
    guard String(value.prefix(6)).lowercased() == "bytes=" else { return }
    let items = value.dropFirst(6).split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
    guard !items.isEmpty, items.count <= 64 else { return }
    var wanted: [Range<Int>] = []
    for item in items {
      guard let range = Self.range(item, size: size) else { return }
      if !range.isEmpty { wanted.append(range) }
    }
    let parts = Self.parts(wanted, size: size)
    if parts.count <= 16 { sent = .parts(parts) }
  }

  /// The runs of requested bytes, with gaps of fewer than 80 bytes filled, each at the position of
  /// its first range.
  private static func parts(_ wanted: [Range<Int>], size: Int) -> [Range<Int64>] {
    var marks = [Bool](repeating: false, count: size)
    for range in wanted {
      for index in range { marks[index] = true }
    }
    var runs: [Range<Int>] = []
    for index in marks.indices where marks[index] {
      if let last = runs.last, index - last.upperBound < 80 {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    func place(_ run: Range<Int>) -> Int? { wanted.firstIndex(where: run.overlaps) }
    return runs.sorted { place($0)! < place($1)! }.map {
      Int64($0.lowerBound)..<Int64($0.upperBound)
    }
  }

  /// The bytes of one range, empty if it is unsatisfiable; nil if it is malformed.
  private static func range(_ item: String, size: Int) -> Range<Int>? {
    let ends = item.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends[0] != "" || ends[1] != "",
      ends.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } })
    else { return nil }
    // A number too large for 64 bits counts as the largest one.
    let first = ends[0] == "" ? nil : Int(ends[0]) ?? .max
    let last = ends[1] == "" ? nil : Int(ends[1]) ?? .max
    guard let first else { return max(0, size - (last ?? 0))..<size }
    if let last, last < first { return nil }
    guard first < size else { return size..<size }
    return first..<min(last ?? size, size - 1) + 1
  }

  private static func trimmed(_ item: ArraySlice<Character>) -> String {
    var item = item.drop { $0 == " " || $0 == "\t" }
    while item.last == " " || item.last == "\t" { item.removeLast() }
    return String(item)
  }
}
