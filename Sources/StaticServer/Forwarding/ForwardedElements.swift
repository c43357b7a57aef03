internal import StaticAssets

/// What one proxy says of the hop to it, in a `Forwarded` field; values without their quotes.
///
/// Source: RFC 7239 §4 and §5.
struct ForwardedElement {
  /// `for`: who made the request.
  var node: Range<Int>?
  /// `host`: the `Host` field that the proxy got.
  var host: Range<Int>?
  /// `proto`: the scheme.
  var scheme: Range<Int>?
}

/// Steps through the elements of one `Forwarded` line.
///
/// A comma or semicolon within quotes separates nothing. Unquoted addresses with colons and brackets
/// are accepted, as many proxies write them. Anything else that the grammar does not allow, a
/// backslash and a second parameter of one name included, ends the steps: then `isMalformed` is set,
/// and nothing of the line is to be believed, for a client may have opened the quotes.
struct ForwardedElements {
  private var position: Int
  private let end: Int
  private(set) var isMalformed = false

  /// The elements of the value in `range`.
  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next element that has a parameter; nil after the last one and at a fault.
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

  /// Reads `name=value` and what separates it from the next one; false at a fault.
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

  /// Sets a parameter that may be there once; false when it is there already.
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
