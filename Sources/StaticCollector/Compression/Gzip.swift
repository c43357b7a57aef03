internal import CZlib

/// The gzip format. RFC 1952
enum Gzip {
  /// What the compressed bytes depend on besides the input.
  static let encoder: [UInt8] = {
    // zlibVersion(3) returns a constant, never null.
    let version = unsafe String(cString: zlibVersion())
    return Array("gzip: zlib \(version), level 9".utf8)
  }()

  /// Compresses at zlib's highest level, reproducibly: no name, no time, and 255 as the operating
  /// system, as WhiteNoise does.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    var header = unsafe gz_header()
    unsafe header.os = 255
    let windowBits = 15 + 16  // the largest window, with a gzip wrapper
    let status = unsafe czlib_deflate_init2(&stream, 9, Int32(windowBits), 8, Z_DEFAULT_STRATEGY)
    precondition(status == Z_OK, "zlib could not start: \(status)")
    defer { unsafe deflateEnd(&stream) }
    let capacity = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    // zlib stores these addresses; they stay valid during the calls inside the closures.
    return unsafe withUnsafeMutablePointer(to: &header) { header in
      unsafe deflateSetHeader(&stream, header)
      return unsafe bytes.withUnsafeBufferPointer { input in
        unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
          unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
          unsafe stream.avail_in = UInt32(input.count)
          unsafe stream.next_out = output.baseAddress
          unsafe stream.avail_out = UInt32(capacity)
          let status = unsafe deflate(&stream, Z_FINISH)
          precondition(status == Z_STREAM_END, "zlib did not finish: \(status)")
          count = unsafe Int(stream.total_out)
        }
      }
    }
  }

  /// The most bytes that are compressed: zlib counts in 32 bits, and the result may be larger.
  static let byteCountMax = 1 << 31
}
