internal import CZstd

/// The zstd format with arbitrary content as the dictionary. RFC 8878 §5, RFC 9842 §5
enum Zstandard {
  /// What the compressed bytes depend on besides the input.
  static let encoder: [UInt8] = {
    let version = ZSTD_versionNumber()
    let text = "\(version / 10000).\(version / 100 % 100).\(version % 100)"
    return Array("dcz: zstd \(text), level 19, checksum".utf8)
  }()

  /// The largest content and the largest dictionary.
  ///
  /// Larger ones would need a window that not all clients accept (RFC 9842 §5), and a gigabyte in
  /// the encoder.
  static let byteCountMax = 64 << 20

  /// Compresses `bytes` to a frame for a decoder that has `dictionary`.
  ///
  /// It uses level 19 and includes the content length and a checksum, so that a browser rejects a
  /// damaged frame.
  static func compress(_ bytes: [UInt8], from dictionary: [UInt8]) -> [UInt8] {
    guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("zstd has no memory") }
    defer { unsafe ZSTD_freeCCtx(context) }
    let window = windowLog(byteCount: bytes.count, dictionaryByteCount: dictionary.count)
    for (parameter, value) in [
      (ZSTD_c_compressionLevel, 19), (ZSTD_c_windowLog, window), (ZSTD_c_checksumFlag, 1),
      (ZSTD_c_contentSizeFlag, 1),
    ] {
      let status = unsafe ZSTD_CCtx_setParameter(context, parameter, value)
      precondition(ZSTD_isError(status) == 0, "zstd refuses a parameter")
    }
    let capacity = ZSTD_compressBound(bytes.count)
    // zstd stores the address of the dictionary; it stays valid during the call inside the closure.
    return unsafe dictionary.withUnsafeBytes { dictionary in
      let status = unsafe ZSTD_CCtx_refPrefix(context, dictionary.baseAddress, dictionary.count)
      precondition(ZSTD_isError(status) == 0, "zstd refuses a dictionary")
      return unsafe bytes.withUnsafeBytes { input in
        unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
          count = unsafe ZSTD_compress2(
            context,
            output.baseAddress,
            capacity,
            input.baseAddress,
            input.count
          )
          precondition(ZSTD_isError(count) == 0, "zstd ran out of memory")
        }
      }
    }
  }

  /// Whether `frame` decodes with `dictionary` to exactly `bytes`.
  ///
  /// The output buffer is limited to one byte more.
  static func decodes(
    _ frame: ArraySlice<UInt8>,
    with dictionary: [UInt8],
    to bytes: [UInt8]
  ) -> Bool {
    guard let context = unsafe ZSTD_createDCtx() else { return false }
    defer { unsafe ZSTD_freeDCtx(context) }
    let window = windowLogMax(dictionaryByteCount: dictionary.count)
    guard ZSTD_isError(unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, window)) == 0
    else { return false }
    let capacity = bytes.count + 1
    var isWhole = false
    let decoded = unsafe dictionary.withUnsafeBytes { dictionary in
      _ = unsafe ZSTD_DCtx_refPrefix(context, dictionary.baseAddress, dictionary.count)
      return unsafe frame.withUnsafeBytes { input in
        unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
          let result = unsafe ZSTD_decompressDCtx(
            context,
            output.baseAddress,
            capacity,
            input.baseAddress,
            input.count
          )
          isWhole = ZSTD_isError(result) == 0
          count = isWhole ? result : 0
        }
      }
    }
    return isWhole && decoded == bytes
  }

  /// The log of the smallest window, from 1 KiB, that covers content and dictionary, within what
  /// every client accepts.
  static func windowLog(byteCount: Int, dictionaryByteCount: Int) -> Int32 {
    let needed = Int32(
      Int.bitWidth - max(1, byteCount + dictionaryByteCount - 1).leadingZeroBitCount
    )
    return min(max(needed, 10), windowLogMax(dictionaryByteCount: dictionaryByteCount))
  }

  /// The log of the largest window that every client accepts: 8 MiB or 1.25 times the dictionary,
  /// at most 128 MiB.
  ///
  /// Source: RFC 9842 §5.
  private static func windowLogMax(dictionaryByteCount: Int) -> Int32 {
    let byteCount = min(max(8 << 20, dictionaryByteCount + dictionaryByteCount / 4), 128 << 20)
    return Int32(Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
  }
}
