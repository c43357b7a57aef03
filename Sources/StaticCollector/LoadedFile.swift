internal import Crypto
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
  /// Whether its own name changes with its content already, and is published as it is.
  let isHashed: Bool

  /// Reads a file, to look for references of these forms in it.
  init(
    _ source: SourceFile,
    _ patterns: [ReferencePattern],
    isHashed: Bool
  ) throws(FileError) {
    self.source = source
    self.patterns = patterns
    self.isHashed = isHashed
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

/// The digests of one content, in lower-case hexadecimal digits.
struct ContentDigests: Hashable, Sendable {
  /// Makes names, as in Django; does not tell contents apart.
  let md5: [UInt8]
  /// Tells contents apart.
  let sha256: [UInt8]

  init(of bytes: [UInt8]) {
    md5 = Self.md5(bytes)
    sha256 = Self.hexadecimal(SHA256.hash(data: bytes))
  }

  private init(_ md5: Insecure.MD5.Digest, _ sha256: SHA256.Digest) {
    self.md5 = Self.hexadecimal(md5)
    self.sha256 = Self.hexadecimal(sha256)
  }

  /// The digests and the length of an open file; `chunk` is called with every part of it.
  static func reading(
    _ file: borrowing Descriptor,
    at path: FilePath,
    _ chunk: ([UInt8]) throws(FileError) -> Void
  ) throws(FileError) -> (digests: ContentDigests, byteCount: Int) {
    var md5 = Insecure.MD5()
    var sha256 = SHA256()
    var byteCount = 0
    try file.forEachChunk(path: path) { (bytes) throws(FileError) in
      md5.update(data: bytes)
      sha256.update(data: bytes)
      byteCount += bytes.count
      try chunk(bytes)
    }
    return (ContentDigests(md5.finalize(), sha256.finalize()), byteCount)
  }

  /// The MD5 digest of `bytes`.
  static func md5(_ bytes: [UInt8]) -> [UInt8] { hexadecimal(Insecure.MD5.hash(data: bytes)) }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
