/// Calls `body` with the input from libFuzzer; the result is for libFuzzer.
///
/// The input is libFuzzer's own block of exactly that size, so the address sanitizer detects a read
/// beyond its end.
public func withInput(
  _ start: UnsafePointer<UInt8>?,
  _ count: Int,
  _ body: (Span<UInt8>) -> Void
) -> CInt {
  body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// Aborts the process unless `condition` holds, which libFuzzer reports as a finding.
public func check(
  _ condition: Bool,
  _ message: @autoclosure () -> String,
  file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}

extension Span<UInt8> {
  /// A copy of all bytes.
  public var array: [UInt8] { indices.map { self[$0] } }

  /// A copy of the bytes of `range`.
  public func array(_ range: Range<Int>) -> [UInt8] { range.map { self[$0] } }
}

extension Sequence<UInt8> {
  /// The bytes as text, one character per byte.
  public var latin1: [Character] { map { Character(UnicodeScalar($0)) } }
}
