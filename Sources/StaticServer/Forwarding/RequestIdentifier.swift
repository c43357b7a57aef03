/// 128 bits that identify a request.
struct RequestIdentifier: Equatable {
  var high: UInt64
  var low: UInt64
}

/// The identifiers of one loop's requests: unique across loops and processes, but predictable from
/// the one before.
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
