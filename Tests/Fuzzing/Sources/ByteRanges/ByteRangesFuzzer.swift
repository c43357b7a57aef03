import FuzzSupport

@testable import StaticAssets

/// `Range` fields: the sent parts are the bytes that a naive parser marks one by one.
///
/// The first two bytes of the input are the size of the representation, the rest is the field value.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    guard bytes.count >= 2 else { return }
    let size = (Int(bytes[0]) << 8 | Int(bytes[1])) % 5000
    let value = 2..<bytes.count
    let found = sent(bytes, value, size: Int64(size))
    let expected = NaiveRanges(bytes.array(value).latin1, size: size).sent
    check(found == expected, "of \(size): \(found), naively \(expected)")
    checkBounds(sent(bytes, value, size: .max), size: .max)
  }
}

/// The result of a field.
enum Sent: Equatable {
  case whole
  /// The bytes of each part, in the order of sending; none for 416.
  case parts([Range<Int64>])
}

private func sent(_ bytes: Span<UInt8>, _ value: Range<Int>, size: Int64) -> Sent {
  switch ByteRange(bytes, value, size: size) {
  case .whole: return .whole
  case .unsatisfiable: return .parts([])
  case .part(let offset, let count): return .parts([offset..<offset + count])
  case .several:
    guard let list = ByteRange.list(bytes, value),
      let ranges = ByteRanges(bytes, list, size: size)
    else { fatalError("several parts, but which?") }
    check(ranges.count > 1, "\(ranges.count) is not several")
    return .parts((0..<ranges.count).map { ranges[$0].offset..<ranges[$0].end })
  }
}

private func checkBounds(_ sent: Sent, size: Int64) {
  guard case .parts(let parts) = sent else { return }
  check(parts.count <= ByteRanges.partCountMax, "\(parts.count) parts")
  for part in parts {
    check(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= size, "\(part)")
  }
}
