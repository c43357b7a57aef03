internal import StaticAssets

/// Field names by a hash of three of their characters, so that most fields need one look.
///
/// A name is found by the three characters behind `X-`, or by its first three. A prefix has at least
/// that many, so that each name that begins with it is in the same bucket.
struct RequestFieldTable: Sendable {
  /// Names of one kind, and where they are documented.
  struct Group: Sendable {
    let kind: ForwardedFieldKind
    let source: StaticString
    /// Lower-case names; `*` at the end stands for any further characters, or none.
    let names: [StaticString]

    init(_ kind: ForwardedFieldKind, _ source: StaticString, _ names: [StaticString]) {
      self.kind = kind
      self.source = source
      self.names = names
    }
  }

  private struct Row {
    let name: StaticString
    /// Bytes of `name`, without the `*` of a prefix.
    let count: Int
    let isPrefix: Bool
    let kind: ForwardedFieldKind
  }

  private static let bucketCount = 512

  /// The table of all fields that are not ordinary.
  static let shared = RequestFieldTable(groups)

  /// Sorted by bucket; in a bucket whole names stand before prefixes.
  private let rows: [Row]
  /// The first row of each bucket, and the end of the last one's.
  private var starts = InlineArray<513, UInt16>(repeating: 0)

  init(_ groups: [Group]) {
    var buckets = [[Row]](repeating: [], count: Self.bucketCount)
    for group in groups {
      for name in group.names {
        let row = Self.row(name, group.kind)
        let bucket = Self.bucket(row)
        if row.isPrefix {
          buckets[bucket].append(row)
        } else {
          buckets[bucket].insert(row, at: 0)
        }
      }
    }
    rows = buckets.flatMap { $0 }
    var start = 0
    for (bucket, rows) in buckets.enumerated() {
      starts[bucket] = UInt16(start)
      start += rows.count
    }
    starts[Self.bucketCount] = UInt16(start)
  }

  /// The kind of the field whose name is in `range`.
  func kind(of range: Range<Int>, in bytes: Span<UInt8>) -> ForwardedFieldKind {
    let bucket = Self.bucket(range.count) { bytes[range.lowerBound &+ $0] }
    let first = Int(starts[bucket])
    let end = Int(starts[bucket &+ 1])
    // Most buckets are empty; the array of rows is not touched then.
    guard first < end else { return .ordinary }
    for index in first..<end {
      let row = rows[index]
      guard row.isPrefix ? range.count >= row.count : range.count == row.count else { continue }
      if bytes.hasName(row.name, row.count, in: range) { return row.kind }
    }
    return .ordinary
  }

  private static func row(_ name: StaticString, _ kind: ForwardedFieldKind) -> Row {
    let count = name.utf8CodeUnitCount
    precondition(count > 0, "a field has a name")
    // `count - 1` is the index of the literal's last byte.
    let isPrefix = unsafe name.utf8Start[count - 1] == UInt8(ascii: "*")
    return Row(name: name, count: isPrefix ? count - 1 : count, isPrefix: isPrefix, kind: kind)
  }

  private static func bucket(_ row: Row) -> Int {
    let start = unsafe row.name.utf8Start
    // The closure is called with indices below `row.count`, which is at most the literal's count.
    let bucket = bucket(row.count) { unsafe start[$0] }
    let isExtension = unsafe row.count > 2 && start[0] == UInt8(ascii: "x") && start[1] == 0x2D
    precondition(!row.isPrefix || row.count >= (isExtension ? 5 : 3), "the prefix is too short")
    return bucket
  }

  /// The bucket of a name of `count` bytes, of which `byte` has the one at an index.
  @inline(always)
  private static func bucket(_ count: Int, _ byte: (Int) -> UInt8) -> Int {
    let isExtension = count > 2 && byte(0) | 0x20 == UInt8(ascii: "x") && byte(1) == 0x2D
    let start = isExtension ? 2 : 0
    var key: UInt32 = 0
    // 0x20 makes capitals small, and leaves digits and hyphens as they are.
    for index in start..<Swift.min(start &+ 3, count) {
      key = key << 8 | UInt32(byte(index) | 0x20)
    }
    return Int((key &* 0x9E37_79B1) >> 23)
  }
}
