/// The parts that a list of ranges asks for, in the order in which they are sent.
///
/// What overlaps or nearly does is one part, which stands where the first of its ranges stood;
/// ranges without a byte of the representation are dropped. A plain value on the stack.
///
/// Source: RFC 9110 §14.2, §15.3.7.2, §17.15 (why there are limits).
struct ByteRanges {
  /// Ranges read; a field with more is ignored.
  static let elementCountMax = 64
  /// Parts sent; a field that asks for more is ignored.
  static let partCountMax = 16
  /// Parts with fewer bytes than this between them become one: the head of a part is longer.
  static let gapMin: Int64 = 80

  /// The bytes from `offset` up to `end`, at least one.
  struct Part: Equatable {
    var offset: Int64 = 0
    var end: Int64 = 0

    var count: Int64 { end - offset }

    /// Whether it is better to send both as one.
    func adjoins(_ other: Part) -> Bool {
      offset - gapMin < other.end && other.offset - gapMin < end
    }
  }

  /// The number of parts.
  private(set) var count = 0

  private var parts: InlineArray<64, Part>

  /// Reads the list in `range`, which stands behind `bytes=`, for a representation of `size`
  /// bytes; nil when the field is to be ignored.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>, size: Int64) {
    parts = InlineArray(repeating: Part())
    var items = ListItems(range)
    var elementCount = 0
    while let item = items.next(bytes) {
      elementCount += 1
      guard elementCount <= Self.elementCountMax else { return nil }
      switch ByteRange.element(bytes, item, size: size) {
      case .part(let offset, let count): add(Part(offset: offset, end: offset + count))
      case .unsatisfiable: break
      case .whole, .several: return nil
      }
    }
    guard elementCount > 0, count <= Self.partCountMax else { return nil }
  }

  /// The part at `index`, which must be below `count`.
  subscript(index: Int) -> Part {
    precondition(index >= 0 && index < count)
    return parts[index]
  }

  /// What the list comes to; a single part is sent without a multipart around it.
  var range: ByteRange {
    switch count {
    case 0: .unsatisfiable
    case 1: .part(offset: parts[0].offset, count: parts[0].count)
    default: .several
    }
  }

  /// Adds `part`, made one with those that it adjoins.
  private mutating func add(_ part: Part) {
    var part = part
    var place = count
    var index = 0
    while index < count {
      guard parts[index].adjoins(part) else {
        index += 1
        continue
      }
      part.offset = min(part.offset, parts[index].offset)
      part.end = max(part.end, parts[index].end)
      place = min(place, index)
      remove(index)
      // The larger part may adjoin one that the smaller did not.
      index = 0
    }
    insert(part, at: place)
  }

  private mutating func remove(_ index: Int) {
    count -= 1
    for position in index..<count { parts[position] = parts[position + 1] }
  }

  private mutating func insert(_ part: Part, at index: Int) {
    for position in (index..<count).reversed() { parts[position + 1] = parts[position] }
    parts[index] = part
    count += 1
  }
}
