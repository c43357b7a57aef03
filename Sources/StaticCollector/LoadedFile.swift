internal import StaticAssets

/// A collected file with what is known of its content.
struct LoadedFile: Sendable {
  let source: SourceFile
  let digests: ContentDigests
  let byteCount: Int
  /// The content, kept only of files whose references are rewritten.
  let text: [UInt8]?
  /// The references to look for.
  let patterns: [ReferencePattern]

  /// Reads a file, unless `memory` has its digests and they are all that is needed.
  init(_ source: SourceFile, jsModules: Bool, _ memory: DigestMemory) throws(FileError) {
    self.source = source
    patterns = ReferencePattern.patterns(forFileNamed: source.name.bytes, jsModules: jsModules)
    guard patterns.isEmpty else {
      let bytes = try Self.read(source.path)
      digests = ContentDigests(of: bytes)
      byteCount = bytes.count
      text = bytes
      return
    }
    text = nil
    if let status = source.status, let known = memory[status] {
      (digests, byteCount) = (known, Int(status.byteCount))
      return
    }
    let file = try Descriptor.open(source.path, flags: FileFlags.read)
    (digests, byteCount) = try ContentDigests.reading(file, at: source.path) { _ in }
  }

  /// All bytes of the file at `path`.
  static func read(_ path: FilePath) throws(FileError) -> [UInt8] {
    let file = try Descriptor.open(path, flags: FileFlags.read)
    return try file.readAll(path: path)
  }
}
