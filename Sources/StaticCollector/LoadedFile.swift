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

  /// Reads a file.
  init(_ source: SourceFile, jsModules: Bool) throws(FileError) {
    let bytes = try Self.read(source.path)
    self.source = source
    digests = ContentDigests(of: bytes)
    byteCount = bytes.count
    patterns = ReferencePattern.patterns(forFileNamed: source.name.bytes, jsModules: jsModules)
    text = patterns.isEmpty ? nil : bytes
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

  /// The MD5 digest of `bytes`.
  static func md5(_ bytes: [UInt8]) -> [UInt8] { hexadecimal(Insecure.MD5.hash(data: bytes)) }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
