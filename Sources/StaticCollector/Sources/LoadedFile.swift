internal import StaticAssets

/// A collected file with its digests.
struct LoadedFile: Sendable {
  let source: SourceFile
  let digests: ContentDigests
  let byteCount: Int
  /// The content of a file whose references are rewritten; nil for other files.
  let text: [UInt8]?
  /// The content of a small file without such references, kept so that it is read only once.
  let bytes: [UInt8]?
  /// The kinds of references to look for.
  let patterns: [ReferencePattern]

  /// Whether its own name contains a hash already, so that it is published as it is.
  let isHashed: Bool

  /// The largest file that is kept in memory, in bytes.
  private static let keptByteCountMax: Int64 = 64 << 10

  /// Reads a file to look for references of these kinds.
  ///
  /// Without kinds, a file whose digests are in `memory` is not read.
  ///
  /// - Parameter keeping: returns whether there is room to keep this number of bytes.
  init(
    _ source: SourceFile,
    _ patterns: [ReferencePattern],
    isHashed: Bool,
    _ memory: DigestCache,
    keeping: (Int) -> Bool
  ) throws(FileError) {
    self.source = source
    self.patterns = patterns
    self.isHashed = isHashed
    guard patterns.isEmpty else {
      let (bytes, digests) = try Self.read(source, memory)
      self.digests = digests
      byteCount = bytes.count
      text = bytes
      self.bytes = nil
      return
    }
    text = nil
    if let status = source.status {
      if let known = memory[status] {
        (digests, byteCount) = (known, Int(status.byteCount))
        bytes = nil
        return
      }
      if status.byteCount <= Self.keptByteCountMax, keeping(Int(status.byteCount)) {
        let bytes = try Self.read(source.path, byteCount: Int(status.byteCount))
        digests = ContentDigests(of: bytes)
        byteCount = bytes.count
        self.bytes = bytes
        return
      }
    }
    bytes = nil
    let file = try Descriptor.open(source.path, flags: FileFlags.read)
    (digests, byteCount) = try ContentDigests.reading(file, at: source.path) { _ in }
  }

  /// The content of a source and its digests, which are computed unless they are in `memory`.
  ///
  /// The status is read after the content: a write before or during the reading has changed it.
  private static func read(
    _ source: SourceFile,
    _ memory: DigestCache
  ) throws(FileError) -> (bytes: [UInt8], ContentDigests) {
    let file = try Descriptor.open(source.path, flags: FileFlags.read)
    let expected = source.status.map { Int($0.byteCount) }
    let bytes = try file.readAll(path: source.path, expected: expected)
    guard !memory.isEmpty, let known = memory[try file.status(of: source.path)] else {
      return (bytes, ContentDigests(of: bytes))
    }
    return (bytes, known)
  }

  /// The content of the file at `path`.
  ///
  /// - Parameter byteCount: its length when it was listed; nil to read the length from the file.
  static func read(_ path: BytePath, byteCount: Int? = nil) throws(FileError) -> [UInt8] {
    let file = try Descriptor.open(path, flags: FileFlags.read)
    return try file.readAll(path: path, expected: byteCount)
  }
}
