internal import StaticAssets

/// One element of a `Forwarded` field.
///
/// Source: RFC 7239 §4 and §5.
struct ForwardedElement {
  /// The value of a parameter.
  struct Value {
    /// The value without quotes.
    let range: Range<Int>
    /// Whether it has a quoted-pair, a backslash and the byte that it stands for.
    let isEscaped: Bool

    /// The result of `read` for the value without its backslashes (RFC 9110 §5.6.4).
    func decode<Result>(
      _ bytes: Span<UInt8>,
      _ read: (Span<UInt8>, Range<Int>) -> Result?
    ) -> Result? {
      guard isEscaped else { return read(bytes, range) }
      var text: [UInt8] = []
      var position = range.lowerBound
      while position < range.upperBound {
        if bytes[position] == UInt8(ascii: "\\") { position &+= 1 }
        text.append(bytes[position])
        position &+= 1
      }
      return read(text.span, 0..<text.count)
    }
  }

  /// `for`: the node that made the request.
  var node: Value?
  /// `host`: the `Host` field that the proxy received.
  var host: Value?
  /// `proto`: the scheme.
  var scheme: Value?
}

/// Iterates over the elements of one `Forwarded` line.
///
/// A comma or semicolon in quotes is not a separator, and neither is a quote after a backslash.
/// Unquoted addresses with colons and brackets are accepted, because many proxies write them. Any
/// other violation of the grammar ends the iteration and sets `isMalformed`; a repeated parameter is
/// a violation. Then the whole line must be ignored, because a client may have opened the quotes.
struct ForwardedElements {
  private var position: Int
  private let end: Int
  private(set) var isMalformed = false

  /// Iterates over the elements of the value in `range`.
  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next element with a parameter; nil after the last one and at a malformed one.
  mutating func next(_ bytes: Span<UInt8>) -> ForwardedElement? {
    while position < end, !isMalformed {
      var element = ForwardedElement()
      var isEmpty = true
      while position < end {
        skipSpace(bytes)
        guard position < end else { break }
        if bytes[position] == UInt8(ascii: ",") { break }
        if bytes[position] == UInt8(ascii: ";") {
          position &+= 1
          continue
        }
        isEmpty = false
        guard parameter(bytes, into: &element) else {
          isMalformed = true
          return nil
        }
      }
      position &+= 1
      if !isEmpty { return element }
    }
    return nil
  }

  /// Reads `name=value` and the separator after it; returns false if they are malformed.
  private mutating func parameter(
    _ bytes: Span<UInt8>,
    into element: inout ForwardedElement
  ) -> Bool {
    let start = position
    while position < end, bytes[position].isAlphanumeric || bytes[position] == UInt8(ascii: "-") {
      position &+= 1
    }
    let name = start..<position
    guard !name.isEmpty, position < end, bytes[position] == UInt8(ascii: "=") else { return false }
    position &+= 1
    guard let value = value(bytes) else { return false }
    skipSpace(bytes)
    guard position == end || Self.isSeparator(bytes[position]) else { return false }
    if bytes.isName("for", name) { return Self.set(&element.node, value) }
    if bytes.isName("host", name) { return Self.set(&element.host, value) }
    if bytes.isName("proto", name) { return Self.set(&element.scheme, value) }
    return true
  }

  /// Sets a parameter; returns false if it is set already.
  private static func set(
    _ parameter: inout ForwardedElement.Value?,
    _ value: ForwardedElement.Value
  ) -> Bool {
    guard parameter == nil else { return false }
    parameter = value
    return true
  }

  private mutating func value(_ bytes: Span<UInt8>) -> ForwardedElement.Value? {
    guard position < end, bytes[position] == UInt8(ascii: "\"") else { return token(bytes) }
    position &+= 1
    let start = position
    var isEscaped = false
    while position < end {
      let byte = bytes[position]
      position &+= 1
      if byte == UInt8(ascii: "\"") {
        return ForwardedElement.Value(range: start..<position &- 1, isEscaped: isEscaped)
      }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        position &+= 1
      }
    }
    return nil
  }

  /// Reads a value without quotes, which may be empty.
  private mutating func token(_ bytes: Span<UInt8>) -> ForwardedElement.Value? {
    let start = position
    while position < end {
      let byte = bytes[position]
      if Self.isSeparator(byte) || Self.isSpace(byte) { break }
      guard byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return nil }
      position &+= 1
    }
    return ForwardedElement.Value(range: start..<position, isEscaped: false)
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end, Self.isSpace(bytes[position]) { position &+= 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
  }
}
