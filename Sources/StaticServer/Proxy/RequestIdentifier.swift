/// 128 random bits that tell a request from all others.
struct RequestIdentifier: Equatable {
  var high: UInt64
  var low: UInt64

  /// Bits that nobody can foresee: from the system's generator. getrandom(2)
  static func random() -> RequestIdentifier {
    RequestIdentifier(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
  }

  /// The 32 hexadecimal digits.
  var digits: [UInt8] {
    [high, low].flatMap { half in
      (0..<16).map { place in
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * place)) & 15
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
    }
  }
}

extension LoopBuffer {
  /// Appends the 32 hexadecimal digits of an identifier.
  mutating func append(_ identifier: RequestIdentifier) {
    append(identifier: identifier.high)
    append(identifier: identifier.low)
  }
}
