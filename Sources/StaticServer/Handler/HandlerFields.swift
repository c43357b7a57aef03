/// The field lines of a message, in order; names are compared case-insensitively.
///
/// Source: RFC 9110 §5.
public struct HandlerFields: Sendable, ExpressibleByDictionaryLiteral {
  /// The field lines as received or as to be sent.
  public private(set) var lines: [(name: String, value: String)]

  /// Creates fields from `lines`.
  public init(_ lines: [(name: String, value: String)] = []) {
    self.lines = lines
  }

  /// Creates fields from a literal, in which a name may be repeated, for example `Set-Cookie`.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0, value: $1) })
  }

  /// The values of all lines with `name`.
  public func values(_ name: String) -> [String] {
    lines.filter { Self.isSame($0.name, name) }.map(\.value)
  }

  /// The values of all lines with `name`, joined with commas; nil if there is none.
  ///
  /// Setting a value replaces all lines with `name`; nil removes them.
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

  /// Appends a line; existing lines with the same name stay.
  public mutating func append(_ name: String, _ value: String) {
    lines.append((name: name, value: value))
  }

  /// Whether every line is valid: the name is a token, and the value has no control character but
  /// tab.
  ///
  /// A value may contain input of a client, which must not end the line.
  ///
  /// Source: RFC 9110 §5.1 and §5.5.
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

  /// Whether the byte is a tchar (RFC 9110 §5.6.2).
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
