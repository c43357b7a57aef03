internal import Crypto
internal import StaticAssets

/// The digests of one content, as text.
struct ContentDigests: Hashable, Sendable {
  /// 32 lower-case hexadecimal digits.
  ///
  /// They make names, as in Django, and do not tell contents apart.
  let md5: [UInt8]
  /// 64 lower-case hexadecimal digits, which tell contents apart.
  let sha256: [UInt8]
  /// The value of HTML's `integrity` attribute: `sha384-` and base64.
  ///
  /// Source: W3C Subresource Integrity §3.2.
  let integrity: [UInt8]

  init(of bytes: [UInt8]) {
    self.init(
      Insecure.MD5.hash(data: bytes),
      SHA256.hash(data: bytes),
      SHA384.hash(data: bytes)
    )
  }

  /// Digests that were computed before.
  init(md5: [UInt8], sha256: [UInt8], integrity: [UInt8]) {
    self.md5 = md5
    self.sha256 = sha256
    self.integrity = integrity
  }

  private init(_ md5: Insecure.MD5.Digest, _ sha256: SHA256.Digest, _ sha384: SHA384.Digest) {
    self.md5 = DigestText.hexadecimal(md5)
    self.sha256 = DigestText.hexadecimal(sha256)
    integrity = Array("sha384-".utf8) + DigestText.base64(sha384)
  }

  static func == (left: Self, right: Self) -> Bool { left.sha256 == right.sha256 }

  func hash(into hasher: inout Hasher) {
    unsafe sha256.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The digests and the length of an open file; `chunk` is called with every part of it.
  static func reading(
    _ file: borrowing Descriptor,
    at path: BytePath,
    _ chunk: ([UInt8]) throws(FileError) -> Void = { _ in }
  ) throws(FileError) -> (digests: ContentDigests, byteCount: Int) {
    var md5 = Insecure.MD5()
    var sha256 = SHA256()
    var sha384 = SHA384()
    var byteCount = 0
    try file.forEachChunk(path: path) { (bytes) throws(FileError) in
      md5.update(data: bytes)
      sha256.update(data: bytes)
      sha384.update(data: bytes)
      byteCount += bytes.count
      try chunk(bytes)
    }
    return (ContentDigests(md5.finalize(), sha256.finalize(), sha384.finalize()), byteCount)
  }

  /// The SHA-256 digest of an open file, in hexadecimal digits; `chunk` is called with every part
  /// of it.
  static func sha256(
    of file: borrowing Descriptor,
    at path: BytePath,
    _ chunk: ([UInt8]) throws(FileError) -> Void
  ) throws(FileError) -> [UInt8] {
    var sha256 = SHA256()
    try file.forEachChunk(path: path) { (bytes) throws(FileError) in
      sha256.update(data: bytes)
      try chunk(bytes)
    }
    return DigestText.hexadecimal(sha256.finalize())
  }

  /// The MD5 digest of `bytes`, in hexadecimal digits.
  static func md5(_ bytes: [UInt8]) -> [UInt8] {
    DigestText.hexadecimal(Insecure.MD5.hash(data: bytes))
  }

  /// The SHA-256 digest of `bytes`, in hexadecimal digits.
  static func sha256(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    DigestText.hexadecimal(SHA256.hash(data: bytes))
  }
}

/// Digests as text.
private enum DigestText {
  private static let digits = Array("0123456789abcdef".utf8)
  private static let letters =
    Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func hexadecimal(_ digest: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// Base64 of 48 bytes, which need no padding. RFC 4648 §4
  static func base64(_ digest: SHA384.Digest) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    var group: UInt32 = 0
    for (index, byte) in digest.enumerated() {
      group = group << 8 | UInt32(byte)
      guard index % 3 == 2 else { continue }
      for shift in [18, 12, 6, 0] { text.append(letters[Int(group >> UInt32(shift) & 63)]) }
      group = 0
    }
    return text
  }
}
