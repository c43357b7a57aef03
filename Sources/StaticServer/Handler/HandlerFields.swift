/// The fields of a message in their order; names are compared without regard to case.
///
/// Source: RFC 9110 §5.
public struct HandlerFields: Sendable, ExpressibleByDictionaryLiteral {
  /// One line for each field, as it came or is to be sent.
  public private(set) var lines: [(name: String, value: String)]

  /// The fields of `lines`.
  public init(_ lines: [(name: String, value: String)] = []) {
    self.lines = lines
  }

  /// The fields of a literal; a name may stand in it more than once, as for `Set-Cookie`.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0, value: $1) })
  }

  /// The values of `name`, one for each line.
  public func values(_ name: String) -> [String] {
    lines.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  /// The value of `name`, the lines joined with commas; nil without any.
  ///
  /// Setting it replaces all of them.
  public subscript(name: String) -> String? {
    get {
      let values = values(name)
      return values.isEmpty ? nil : values.joined(separator: ", ")
    }
    set {
      lines.removeAll { Self.isSame($0.name, name) }
      if let newValue { append(name, newValue) }
    }
  }

  /// Adds a line, beside those of the same name.
  public mutating func append(_ name: String, _ value: String) {
    lines.append((name: name, value: value))
  }

  /// Whether every line can be sent: its name is a token, and nothing in its value ends the line.
  ///
  /// Source: RFC 9110 §5.1 and §5.5; what a value is made from may be somebody else's.
  var areSendable: Bool {
    lines.allSatisfy { line in
      !line.name.isEmpty && line.name.utf8.allSatisfy(\.isTokenCharacter)
        && line.value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }
  }

  private static func isSame(_ first: String, _ second: String) -> Bool {
    first.utf8.count == second.utf8.count
      && zip(first.utf8, second.utf8).allSatisfy { $0.lowerCased == $1.lowerCased }
  }
}

extension UInt8 {
  fileprivate var lowerCased: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }

  /// Whether it may be in a token (RFC 9110 §5.6.2).
  fileprivate var isTokenCharacter: Bool {
    if isAlphanumeric { return true }
    switch self {
    case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "^")...UInt8(ascii: "`"),
      UInt8(ascii: "|"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}
