/// Field names by a hash of three of their characters, so that most fields need one look.
///
/// A name is found by the three characters behind `X-`, or by its first three. A prefix has at least
/// that many, so that each name that begins with it is in the same bucket.
///
/// The unsafe part: both pointers are to memory that is filled by `init` and never freed or changed,
/// because the table lives as long as the process; an array would be retained at each look.
@safe struct RequestFieldTable: @unchecked Sendable {
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

  /// A name; the literal that has it lives as long as the process.
  @safe private struct Row {
    let name: UnsafePointer<UInt8>
    /// Bytes of the name, without the `*` of a prefix.
    let count: Int
    let isPrefix: Bool
    let kind: ForwardedFieldKind
  }

  private static let bucketCount = 512

  /// The table of all fields that are not ordinary.
  static let shared = RequestFieldTable(groups)

  /// Sorted by bucket; in a bucket whole names stand before prefixes.
  private let rows: UnsafePointer<Row>
  /// The first row of each of the buckets, and the end of the last one's.
  private let starts: UnsafePointer<UInt16>

  init(_ groups: [Group]) {
    var buckets = [[Row]](repeating: [], count: Self.bucketCount)
    for group in groups {
      for name in group.names {
        let row = Self.row(name, group.kind)
        let text = Array(name.description.utf8)
        let keyEnd = text.starts(with: "x-".utf8) ? 5 : 3
        precondition(!row.isPrefix || row.count >= keyEnd, "the prefix is too short")
        let bucket = Self.bucket(text.span, 0..<row.count)
        buckets[bucket].insert(row, at: row.isPrefix ? buckets[bucket].count : 0)
      }
    }
    let sorted = buckets.flatMap { $0 }
    let rows = UnsafeMutablePointer<Row>.allocate(capacity: sorted.count)
    for (index, row) in sorted.enumerated() { unsafe (rows + index).initialize(to: row) }
    let starts = UnsafeMutablePointer<UInt16>.allocate(capacity: Self.bucketCount + 1)
    var start = 0
    for (bucket, rows) in buckets.enumerated() {
      unsafe (starts + bucket).initialize(to: UInt16(start))
      start += rows.count
    }
    unsafe (starts + Self.bucketCount).initialize(to: UInt16(start))
    unsafe self.rows = UnsafePointer(rows)
    unsafe self.starts = UnsafePointer(starts)
  }

  /// The kind of the field whose name is in `range`.
  func kind(of range: Range<Int>, in bytes: Span<UInt8>) -> ForwardedFieldKind {
    let bucket = Self.bucket(bytes, range)
    // A bucket is below `bucketCount`, and there is one start more.
    var index = unsafe Int(starts[bucket])
    let end = unsafe Int(starts[bucket &+ 1])
    // Most buckets are empty.
    while index < end {
      let row = unsafe rows[index]
      if row.isPrefix ? range.count >= row.count : range.count == row.count,
        Self.begins(bytes, range, row)
      {
        return row.kind
      }
      index &+= 1
    }
    return .ordinary
  }

  /// Whether the field in `range`, which is not shorter than the row's name, begins with that.
  @inline(always)
  private static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>, _ row: Row) -> Bool {
    var index = 0
    while index < row.count {
      // `index` is below the count of the row's literal. Among letters, digits and hyphens 0x20 makes
      // capitals small and changes nothing else.
      let expected = unsafe row.name[index]
      if bytes[range.lowerBound &+ index] | 0x20 != expected { return false }
      index &+= 1
    }
    return true
  }

  private static func row(_ name: StaticString, _ kind: ForwardedFieldKind) -> Row {
    let count = name.utf8CodeUnitCount
    precondition(count > 0, "a field has a name")
    let start = unsafe name.utf8Start
    // `count - 1` is the index of the literal's last byte.
    let isPrefix = unsafe start[count - 1] == UInt8(ascii: "*")
    return unsafe Row(
      name: start,
      count: isPrefix ? count - 1 : count,
      isPrefix: isPrefix,
      kind: kind
    )
  }

  /// The bucket of the name in `range`.
  private static func bucket(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    if range.count > 2, bytes[index] | 0x20 == UInt8(ascii: "x"), bytes[index &+ 1] == 0x2D {
      index &+= 2
    }
    let end = min(index &+ 3, range.upperBound)
    var key: UInt32 = 0
    while index < end {
      // 0x20 makes capitals small, and leaves digits and hyphens as they are.
      key = key << 8 | UInt32(bytes[index] | 0x20)
      index &+= 1
    }
    return Int((key &* 0x9E37_79B1) >> 23)
  }
}
