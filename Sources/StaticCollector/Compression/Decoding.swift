internal import CBrotli
internal import CZlib
internal import StaticAssets

/// Verifies that stored codings decode to their files.
enum Decoding {
  /// Whether `coded` in `coding` decodes to exactly `bytes`.
  ///
  /// The output buffer is limited, so a decompression bomb does no harm.
  static func of(_ coded: [UInt8], _ coding: ContentCoding, is bytes: [UInt8]) -> Bool {
    // One more byte detects a longer result.
    let capacity = bytes.count + 1
    switch coding {
    case .identity: return coded == bytes
    case .brotli: return brotli(coded, capacity: capacity) == bytes
    case .gzip: return gzip(coded, capacity: capacity) == bytes
    case .zstandard, .dictionaryZstandard: return false
    }
  }

  /// Whether `coded` begins with a zstd frame that a client can decode.
  static func isZstandardFrame(_ coded: [UInt8]) -> Bool {
    ZstandardFrame.isUsableAsContentCoding(Array(coded.prefix(ZstandardFrame.headByteCountMax)))
  }

  /// The decoded bytes; nil if they exceed `capacity` or `coded` is not a brotli stream.
  private static func brotli(_ coded: [UInt8], capacity: Int) -> [UInt8]? {
    var isWhole = false
    let decoded = unsafe coded.withUnsafeBufferPointer { input in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        count = capacity
        let result = unsafe BrotliDecoderDecompress(
          input.count,
          input.baseAddress,
          &count,
          output.baseAddress
        )
        isWhole = result == BROTLI_DECODER_RESULT_SUCCESS
        if !isWhole { count = 0 }
      }
    }
    return isWhole ? decoded : nil
  }

  /// The decoded bytes; nil if they exceed `capacity` or `coded` is not exactly one gzip member.
  private static func gzip(_ coded: [UInt8], capacity: Int) -> [UInt8]? {
    guard coded.count < Gzip.byteCountMax, capacity <= Gzip.byteCountMax else { return nil }
    var stream = unsafe z_stream()
    let windowBits = 15 + 16  // the largest window, with a gzip wrapper
    guard unsafe czlib_inflate_init2(&stream, Int32(windowBits)) == Z_OK else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var isWhole = false
    // zlib stores these addresses; they stay valid during the call inside the closures.
    let decoded = unsafe coded.withUnsafeBufferPointer { input in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(capacity)
        isWhole = unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0
        count = isWhole ? unsafe Int(stream.total_out) : 0
      }
    }
    return isWhole ? decoded : nil
  }
}
