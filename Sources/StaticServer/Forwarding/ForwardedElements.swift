internal import StaticAssets

/// One element of a `Forwarded` field; values without quotes.
///
/// Source: RFC 7239 §4 and §5.
struct ForwardedElement {
  /// `for`: the node that made the request.
  var node: Range<Int>?
  /// `host`: the `Host` field that the proxy received.
  var host: Range<Int>?
  /// `proto`: the scheme.
  var scheme: Range<Int>?
}

/// Iterates over the elements of one `Forwarded` line.
///
/// A comma or semicolon in quotes is not a separator. Unquoted addresses with colons and brackets
/// are accepted, because many proxies write them. Any other violation of the grammar ends the
/// iteration and sets `isMalformed`; a backslash and a repeated parameter are violations. Then the
/// whole line must be ignored, because a client may have opened the quotes.
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
  private static func set(_ parameter: inout Range<Int>?, _ value: Range<Int>) -> Bool {
    guard parameter == nil else { return false }
    parameter = value
    return true
  }

  private mutating func value(_ bytes: Span<UInt8>) -> Range<Int>? {
    let isQuoted = position < end && bytes[position] == UInt8(ascii: "\"")
    if isQuoted { position &+= 1 }
    let start = position
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\") { return nil }
      if byte == UInt8(ascii: "\"") {
        guard isQuoted else { return nil }
        position &+= 1
        return start..<position &- 1
      }
      if !isQuoted, Self.isSeparator(byte) || Self.isSpace(byte) { break }
      position &+= 1
    }
    return isQuoted ? nil : start..<position
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end, Self.isSpace(bytes[position]) { position &+= 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
  }
}
