/// Writes a record that can be checked for damage: its kind, numbers and texts, then their SHA-256.
struct SealedRecordWriter {
  private var bytes: [UInt8] = []

  /// A record of `kind`, which names the format and its version.
  init(kind: StaticString) {
    add(Array(kind.description.utf8))
  }

  /// Adds a number.
  mutating func add(_ number: UInt64) {
    bytes += LittleEndian.bytes(number)
  }

  /// Adds a text of any length.
  mutating func add(_ text: [UInt8]) {
    add(UInt64(text.count))
    bytes += text
  }

  /// The record with its seal.
  consuming func finish() -> [UInt8] {
    bytes + ContentDigests.sha256(bytes[...])
  }
}

/// Reads what `SealedRecordWriter` wrote, in the same order.
struct SealedRecordReader {
  /// The record is damaged or of another kind.
  struct Broken: Error {}

  private static let sealByteCount = 64

  private let bytes: [UInt8]
  private let end: Int
  private var position = 0

  /// - Throws: when `bytes` are truncated, changed or of another kind.
  init(_ bytes: [UInt8], kind: StaticString) throws(Broken) {
    self.bytes = bytes
    end = bytes.count - Self.sealByteCount
    guard end >= 0 else { throw Broken() }
    guard ContentDigests.sha256(bytes[..<end]).elementsEqual(bytes[end...]),
      try text() == Array(kind.description.utf8)
    else { throw Broken() }
  }

  /// The next number.
  mutating func number() throws(Broken) -> UInt64 {
    guard end - position >= 8 else { throw Broken() }
    defer { position += 8 }
    return LittleEndian.number(bytes[position...])
  }

  /// The next text.
  mutating func text() throws(Broken) -> [UInt8] {
    let count = try number()
    guard count <= UInt64(end - position) else { throw Broken() }
    defer { position += Int(count) }
    return Array(bytes[position..<position + Int(count)])
  }

  /// Whether everything was read.
  var isAtEnd: Bool { position == end }
}
