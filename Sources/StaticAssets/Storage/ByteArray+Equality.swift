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
}
