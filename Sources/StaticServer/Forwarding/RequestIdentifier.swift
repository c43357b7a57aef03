/// A request identifier of 128 bits.
struct RequestIdentifier: Equatable {
  var high: UInt64
  var low: UInt64
}

/// Generates the identifiers of one loop.
///
/// They are unique across loops and processes, but predictable: each is derived from the previous
/// one.
struct RequestIdentifiers {
  private let high = UInt64.random(in: .min ... .max)
  private var numbers = LogIdentifiers()

  /// The next identifier.
  mutating func next() -> RequestIdentifier {
    RequestIdentifier(high: high, low: numbers.next())
  }
}

extension ByteBuffer {
  /// Appends the 32 hexadecimal digits of an identifier.
  mutating func append(_ identifier: RequestIdentifier) {
    append(identifier: identifier.high)
    append(identifier: identifier.low)
  }
}
