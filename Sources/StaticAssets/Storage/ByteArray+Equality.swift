#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension [UInt8] {
  /// Whether the bytes of `slice` equal those of `range` in `bytes`.
  ///
  /// Unsafe: both ranges are checked before memcmp(3).
  func equals(_ slice: ByteSlice, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard slice.range.count == range.count else { return false }
    precondition(slice.range.upperBound <= count && range.upperBound <= bytes.count)
    return unsafe withUnsafeBytes { own in
      unsafe bytes.withUnsafeBytes { other in
        guard let first = own.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(
          first + slice.range.lowerBound,
          second + range.lowerBound,
          range.count
        ) == 0
      }
    }
  }

  /// Whether the bytes of `slice` sort before (negative), with (0) or after (positive) those of
  /// `range` in `bytes`.
  ///
  /// Unsafe: both ranges are checked before memcmp(3).
  func order(_ slice: ByteSlice, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    precondition(slice.range.upperBound <= count && range.upperBound <= bytes.count)
    let common = Swift.min(slice.range.count, range.count)
    let result = unsafe withUnsafeBytes { own in
      unsafe bytes.withUnsafeBytes { other -> Int32 in
        guard common > 0, let first = own.baseAddress, let second = other.baseAddress else {
          return 0
        }
        return unsafe memcmp(first + slice.range.lowerBound, second + range.lowerBound, common)
      }
    }
    return result == 0 ? slice.range.count - range.count : Int(result)
  }
}
