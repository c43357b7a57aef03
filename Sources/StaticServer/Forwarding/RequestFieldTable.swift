/// Field names in a hash table; the key is three of their characters.
///
/// The key is the three characters behind `X-`, or the first three. A prefix has at least these, so
/// all names that begin with it are in its bucket. Most fields need one lookup.
///
/// The unsafe part: both pointers refer to memory that `init` fills and nothing changes or frees,
/// because the table lives as long as the process. An array would be retained at each lookup.
@safe struct RequestFieldTable: @unchecked Sendable {
  /// Names of one kind, and their documentation.
  struct Group: Sendable {
    let kind: ForwardedFieldKind
    let source: StaticString
    /// Lower-case names; `*` at the end matches any further characters, or none.
    let names: [StaticString]

    init(_ kind: ForwardedFieldKind, _ source: StaticString, _ names: [StaticString]) {
      self.kind = kind
      self.source = source
      self.names = names
    }
  }

  /// A name; it points into a literal, which is static.
  @safe private struct Row {
    let name: UnsafePointer<UInt8>
    /// The length of the name in bytes, without the `*` of a prefix.
    let count: Int
    let isPrefix: Bool
    let kind: ForwardedFieldKind
  }

  private static let bucketCount = 512

  /// The table of all fields that are not `ordinary`.
  static let shared = RequestFieldTable(groups)

  /// Sorted by bucket; in a bucket, whole names precede prefixes.
  private let rows: UnsafePointer<Row>
  /// The index of the first row of each bucket, then the end of the last bucket.
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
    // A bucket is below `bucketCount`, and `starts` has one element more.
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

  /// Whether the field name in `range` starts with the row's name; it must not be shorter.
  @inline(always)
  private static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>, _ row: Row) -> Bool {
    var index = 0
    while index < row.count {
      // `index` is below the length of the row's literal. For letters, digits and hyphens, setting
      // bit 0x20 only makes letters lower-case.
      let expected = unsafe row.name[index]
      if bytes[range.lowerBound &+ index] | 0x20 != expected { return false }
      index &+= 1
    }
    return true
  }

  private static func row(_ name: StaticString, _ kind: ForwardedFieldKind) -> Row {
    let count = name.utf8CodeUnitCount
    precondition(count > 0, "an empty field name")
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
      // Setting bit 0x20 makes letters lower-case and keeps digits and hyphens.
      key = key << 8 | UInt32(bytes[index] | 0x20)
      index &+= 1
    }
    return Int((key &* 0x9E37_79B1) >> 23)
  }
}
