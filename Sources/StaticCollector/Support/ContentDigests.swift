internal import StaticAssets

/// The digests of one content, as text.
package struct ContentDigests: Hashable, Sendable {
  /// 32 lower-case hexadecimal digits.
  ///
  /// The MD5 is part of names, as in Django; it is not used to compare contents.
  package let md5: [UInt8]
  /// 64 lower-case hexadecimal digits, with which contents are compared.
  package let sha256: [UInt8]
  /// The value of HTML's `integrity` attribute: `sha384-` and base64.
  ///
  /// Source: W3C Subresource Integrity §3.2.
  package let integrity: [UInt8]

  init(of bytes: [UInt8]) {
    var digesting = Digesting()
    digesting.update(bytes[...])
    self.init(digesting)
  }

  /// Digests that were computed before.
  init(md5: [UInt8], sha256: [UInt8], integrity: [UInt8]) {
    self.md5 = md5
    self.sha256 = sha256
    self.integrity = integrity
  }

  private init(_ digesting: consuming Digesting) {
    md5 = DigestText.hexadecimal(digesting.md5.finish())
    sha256 = DigestText.hexadecimal(digesting.sha256.finish())
    integrity = Array("sha384-".utf8) + DigestText.base64(digesting.sha384.finish())
  }

  package static func == (left: Self, right: Self) -> Bool { left.sha256 == right.sha256 }

  package func hash(into hasher: inout Hasher) {
    unsafe sha256.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The digests and the length of an open file; `chunk` is called with every part of it.
  static func reading(
    _ file: borrowing Descriptor,
    at path: BytePath,
    _ chunk: ([UInt8]) throws(FileError) -> Void = { _ in }
  ) throws(FileError) -> (digests: ContentDigests, byteCount: Int) {
    var digesting = Digesting()
    var byteCount = 0
    try file.forEachChunk(path: path) { (bytes) throws(FileError) in
      digesting.update(bytes[...])
      byteCount += bytes.count
      try chunk(bytes)
    }
    return (ContentDigests(digesting), byteCount)
  }

  /// The SHA-256 of an open file, in hexadecimal digits; `chunk` is called with every part of it.
  static func sha256(
    of file: borrowing Descriptor,
    at path: BytePath,
    _ chunk: ([UInt8]) throws(FileError) -> Void
  ) throws(FileError) -> [UInt8] {
    var sha256 = SHA256()
    try file.forEachChunk(path: path) { (bytes) throws(FileError) in
      unsafe bytes.withUnsafeBytes { unsafe sha256.update($0) }
      try chunk(bytes)
    }
    return DigestText.hexadecimal(sha256.finish())
  }

  /// The MD5 of `bytes`, in hexadecimal digits.
  package static func md5(_ bytes: [UInt8]) -> [UInt8] {
    var md5 = MD5()
    unsafe bytes.withUnsafeBytes { unsafe md5.update($0) }
    return DigestText.hexadecimal(md5.finish())
  }

  /// The SHA-256 of `bytes`, in hexadecimal digits.
  package static func sha256(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var sha256 = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe sha256.update($0) }
    return DigestText.hexadecimal(sha256.finish())
  }
}

/// Computes the three digests of bytes that come in parts.
private struct Digesting {
  var md5 = MD5()
  var sha256 = SHA256()
  var sha384 = SHA384()

  mutating func update(_ bytes: ArraySlice<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe md5.update(bytes)
      unsafe sha256.update(bytes)
      unsafe sha384.update(bytes)
    }
  }
}

/// Digests as text.
package enum DigestText {
  private static let digits = Array("0123456789abcdef".utf8)
  private static let letters =
    Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package static func hexadecimal(_ digest: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// Base64 with padding. RFC 4648 §4
  package static func base64(_ digest: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((digest.count + 2) / 3 * 4)
    for start in stride(from: 0, to: digest.count, by: 3) {
      let part = digest[start..<min(start + 3, digest.count)]
      var group: UInt32 = 0
      for byte in part { group = group << 8 | UInt32(byte) }
      group <<= UInt32(3 - part.count) * 8
      for shift in [18, 12, 6, 0].prefix(part.count + 1) {
        text.append(letters[Int(group >> UInt32(shift) & 63)])
      }
      for _ in part.count..<3 { text.append(UInt8(ascii: "=")) }
    }
    return text
  }
}
