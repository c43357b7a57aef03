internal import StaticAssets

/// A collected file with what is known of its content.
struct LoadedFile: Sendable {
  let source: SourceFile
  let digests: ContentDigests
  let byteCount: Int
  /// The content, kept only of files whose references are rewritten.
  let text: [UInt8]?
  /// The content of a small file without such references, so that it is read once.
  let bytes: [UInt8]?
  /// The references to look for.
  let patterns: [ReferencePattern]

  /// Whether its own name changes with its content already, and is published as it is.
  let isHashed: Bool

  /// The files that are kept in memory have at most so many bytes.
  private static let keptByteCountMax: Int64 = 64 << 10

  /// Reads a file to look for references of these forms in it, unless there are none and `memory`
  /// has its digests.
  ///
  /// - Parameter keeping: asked whether there is room to keep a file of so many bytes.
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
      let bytes = try Self.read(source.path, byteCount: source.status.map { Int($0.byteCount) })
      digests = ContentDigests(of: bytes)
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

  /// All bytes of the file at `path`.
  ///
  /// - Parameter byteCount: what it had when it was listed; nil to ask for it.
  static func read(_ path: BytePath, byteCount: Int? = nil) throws(FileError) -> [UInt8] {
    let file = try Descriptor.open(path, flags: FileFlags.read)
    return try file.readAll(path: path, expected: byteCount)
  }
}
