/// The parts of a multipart response, in the order in which they are sent.
///
/// Ranges that overlap or are less than `gapMin` bytes apart become one part, at the position of
/// the first of them. Ranges outside the representation are dropped. The value needs no heap
/// memory.
///
/// Source: RFC 9110 §14.2, §15.3.7.2, §17.15 (why there are limits).
struct ByteRanges {
  /// The largest number of range-specs; a field with more is ignored.
  static let elementCountMax = 64
  /// The largest number of parts; a field that results in more is ignored.
  static let partCountMax = 16
  /// The smallest gap between two parts in bytes; a smaller gap costs less than the head of a part.
  static let gapMin: Int64 = 80

  /// The bytes from `offset` up to, not including, `end`; at least one.
  struct Part: Equatable {
    var offset: Int64 = 0
    var end: Int64 = 0

    var count: Int64 { end - offset }

    /// Whether the parts overlap or are less than `gapMin` bytes apart.
    func adjoins(_ other: Part) -> Bool {
      offset - gapMin < other.end && other.offset - gapMin < end
    }
  }

  /// The number of parts.
  private(set) var count = 0

  private var parts: InlineArray<64, Part>

  /// Parses the range-set in `range` for a representation of `size` bytes; nil when the field must
  /// be ignored.
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

  /// The part at `index`; traps unless 0 <= `index` < `count`.
  subscript(index: Int) -> Part {
    precondition(index >= 0 && index < count)
    return parts[index]
  }

  /// The result: a single part is sent without `multipart/byteranges`.
  var range: ByteRange {
    switch count {
    case 0: .unsatisfiable
    case 1: .part(offset: parts[0].offset, count: parts[0].count)
    default: .several
    }
  }

  /// Adds `part`, merged with the parts that it adjoins.
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
      // The merged part may adjoin parts that were checked before.
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
