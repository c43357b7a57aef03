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

  /// Reads a file.
  init(_ source: SourceFile, jsModules: Bool) throws(FileError) {
    self.source = source
    patterns = ReferencePattern.patterns(forFileNamed: source.name.bytes, jsModules: jsModules)
    if patterns.isEmpty {
      let file = try Descriptor.open(source.path, flags: FileFlags.read)
      (digests, byteCount) = try ContentDigests.reading(file, at: source.path) { _ in }
      text = nil
    } else {
      let bytes = try Self.read(source.path)
      digests = ContentDigests(of: bytes)
      byteCount = bytes.count
      text = bytes
    }
  }

  /// All bytes of the file at `path`.
  static func read(_ path: FilePath) throws(FileError) -> [UInt8] {
    let file = try Descriptor.open(path, flags: FileFlags.read)
    return try file.readAll(path: path)
  }
}
