internal import CBrotli

/// The brotli format. RFC 7932
enum Brotli {
  /// What the compressed bytes depend on besides the input.
  static let encoder: [UInt8] = {
    let version = BrotliEncoderVersion()
    let text = "\(version >> 24).\(version >> 12 & 0xFFF).\(version & 0xFFF)"
    return Array("br: brotli \(text), quality 11, window 22".utf8)
  }()

  /// Compresses with the highest settings: quality 11, window 22, generic mode.
  ///
  /// WhiteNoise and the `brotli` command produce the same bytes.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = max(64, BrotliEncoderMaxCompressedSize(bytes.count))
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        var encodedCount = capacity
        let status = unsafe BrotliEncoderCompress(
          BROTLI_DEFAULT_QUALITY,
          BROTLI_DEFAULT_WINDOW,
          BROTLI_MODE_GENERIC,
          input.count,
          input.baseAddress,
          &encodedCount,
          output.baseAddress
        )
        precondition(status == BROTLI_TRUE, "brotli ran out of memory")
        count = encodedCount
      }
    }
  }
}
