internal import StaticAssets

/// The SHA-256 of a content, as a key of fixed size.
struct ContentKey: Hashable, Sendable {
  static let byteCount = 32
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// - Parameter digits: 64 hexadecimal digits.
  init(digits: [UInt8]) {
    precondition(digits.count == 2 * Self.byteCount)
    func word(_ index: Int) -> UInt64 {
      digits[(16 * index)..<(16 * index + 16)].reduce(0) { word, digit in
        word << 4 | UInt64(digit <= UInt8(ascii: "9") ? digit & 15 : (digit & 15) + 9)
      }
    }
    words = (word(0), word(1), word(2), word(3))
  }

  init(_ record: inout SealedRecordReader) throws(SealedRecordReader.Broken) {
    words = (
      try record.number(), try record.number(), try record.number(), try record.number()
    )
  }

  /// - Parameter bytes: what `bytes` returned.
  init(_ bytes: ArraySlice<UInt8>) {
    precondition(bytes.count == Self.byteCount)
    func word(_ index: Int) -> UInt64 {
      LittleEndian.number(bytes[(bytes.startIndex + 8 * index)...])
    }
    words = (word(0), word(1), word(2), word(3))
  }

  func add(to record: inout SealedRecordWriter) {
    for word in [words.0, words.1, words.2, words.3] { record.add(word) }
  }

  var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap(LittleEndian.bytes)
  }

  static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  func hash(into hasher: inout Hasher) {
    // A digest is uniformly distributed, so any part of it is a good hash.
    hasher.combine(words.0)
  }
}

/// The header of each record in a pack, with which records are found without an index.
struct PackRecordHeader {
  static let byteCount = 16 + ContentKey.byteCount
  private static let mark = Array("staticd:".utf8)

  /// The content of the record.
  let key: ContentKey
  /// The size of the record after the header, in bytes.
  let bodyByteCount: Int

  init(_ key: ContentKey, bodyByteCount: Int) {
    self.key = key
    self.bodyByteCount = bodyByteCount
  }

  /// Reads a header; nil if `bytes` do not begin with one.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= Self.byteCount, bytes.prefix(8).elementsEqual(Self.mark) else {
      return nil
    }
    let count = LittleEndian.number(bytes.dropFirst(8))
    guard count < 1 << 40 else { return nil }
    bodyByteCount = Int(count)
    key = ContentKey(bytes.dropFirst(16).prefix(ContentKey.byteCount))
  }

  var bytes: [UInt8] { Self.mark + LittleEndian.bytes(UInt64(bodyByteCount)) + key.bytes }
}

/// Little-endian numbers of eight bytes.
enum LittleEndian {
  static func bytes(_ number: UInt64) -> [UInt8] {
    stride(from: UInt64(0), to: 64, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// The number in the first eight of `bytes`.
  static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
