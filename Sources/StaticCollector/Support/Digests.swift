internal import CCrypto

/// MD5 of bytes that come in parts. RFC 1321
package struct MD5: Sendable {
  private var context = MD5_CTX()

  package init() { _ = unsafe MD5_Init(&context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = unsafe MD5_Update(&context, bytes.baseAddress, bytes.count)
  }

  /// The digest, 16 bytes.
  package consuming func finish() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Int(MD5_DIGEST_LENGTH)) { digest, count in
      _ = unsafe MD5_Final(digest.baseAddress, &context)
      count = Int(MD5_DIGEST_LENGTH)
    }
  }
}

/// SHA-256 of bytes that come in parts. RFC 6234
package struct SHA256: Sendable {
  private var context = SHA256_CTX()

  package init() { _ = unsafe SHA256_Init(&context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count)
  }

  /// The digest, 32 bytes.
  package consuming func finish() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      _ = unsafe SHA256_Final(digest.baseAddress, &context)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }
}

/// SHA-384 of bytes that come in parts. RFC 6234
struct SHA384: Sendable {
  private var context = SHA512_CTX()

  init() { _ = unsafe SHA384_Init(&context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = unsafe SHA384_Update(&context, bytes.baseAddress, bytes.count)
  }

  /// The digest, 48 bytes.
  consuming func finish() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA384_DIGEST_LENGTH)) { digest, count in
      _ = unsafe SHA384_Final(digest.baseAddress, &context)
      count = Int(SHA384_DIGEST_LENGTH)
    }
  }
}
