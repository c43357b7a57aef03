/// One line of a file of redirects.
struct RedirectRule: Sendable, Equatable {
  /// A part of the path of a rule.
  enum Segment: Sendable, Equatable {
    /// A segment with these bytes, percent-decoded.
    case literal([UInt8])
    /// Any segment that is not empty.
    case placeholder(String)
  }

  /// A part of the target.
  enum Piece: Sendable, Equatable {
    /// These bytes, percent-encoded.
    case literal([UInt8])
    /// The value of a placeholder, or of the splat.
    case value(String)
  }

  /// The name of the value of `*`.
  static let splat = "splat"

  /// The line number of the rule, from 1.
  let line: Int
  /// The path without its last slash, divided at slashes; empty for `/`.
  let segments: [Segment]
  /// Whether the path ends with `/*`.
  let hasSplat: Bool
  let target: [Piece]
  let status: ResponseStatus
  /// Whether the rule takes precedence over a file.
  let isForced: Bool

  /// Whether the target is a whole URL.
  var isAbsolute: Bool {
    guard case .literal(let text)? = target.first else { return false }
    return text.first != UInt8(ascii: "/")
  }

  /// Whether the rule matches only one path, with or without a slash at its end.
  var isExact: Bool { !hasSplat && literalCount == segments.count }

  /// The path up to the first placeholder or `*`: with a slash at its end unless the rule is exact.
  var prefix: [UInt8] {
    var prefix: [UInt8] = []
    for case .literal(let text) in segments.prefix(literalCount) {
      prefix += [UInt8(ascii: "/")] + text
    }
    return isExact ? prefix : prefix + [UInt8(ascii: "/")]
  }

  private var literalCount: Int {
    segments.firstIndex { if case .placeholder = $0 { true } else { false } } ?? segments.count
  }

  /// The values of the placeholders for `path`, which is percent-decoded; nil if the rule does not
  /// match.
  func values(for path: [UInt8]) -> [String: ArraySlice<UInt8>]? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    var values: [String: ArraySlice<UInt8>] = [:]
    var rest = path[...]
    for segment in segments {
      guard rest.first == UInt8(ascii: "/") else { return nil }
      rest = rest.dropFirst()
      let text = rest.prefix { $0 != UInt8(ascii: "/") }
      rest = rest[text.endIndex...]
      switch segment {
      case .literal(let literal): guard text.elementsEqual(literal) else { return nil }
      case .placeholder(let name):
        guard !text.isEmpty else { return nil }
        values[name] = text
      }
    }
    if hasSplat {
      guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return nil }
      values[Self.splat] = rest.dropFirst()
    } else if !rest.isEmpty, !rest.elementsEqual([UInt8(ascii: "/")]) {
      return nil
    }
    return values
  }

  /// The value of `Location`.
  ///
  /// Consecutive slashes in its path are merged: with an empty value, `//` at the start would lead
  /// to another host. Values are percent-encoded, so that they add neither field lines nor a query.
  ///
  /// - Parameters:
  ///   - values: the values of the placeholders, percent-decoded.
  ///   - query: the query of the request with its question mark; left out if the target has one.
  func location(_ values: [String: ArraySlice<UInt8>], query: [UInt8] = []) -> [UInt8] {
    var text: [UInt8] = []
    for piece in target {
      switch piece {
      case .literal(let literal): text += literal
      case .value(let name): text += PercentEncoding.path(values[name] ?? [])
      }
    }
    let end = text.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    var location: [UInt8] = []
    let start = isAbsolute ? Self.authorityEnd(of: text) : 0
    location += text[..<start]
    for byte in text[start..<(end ?? text.count)] {
      let isSecondSlash =
        byte == UInt8(ascii: "/") && location.count > start && location.last == byte
      if !isSecondSlash { location.append(byte) }
    }
    let rest = text[(end ?? text.count)...]
    if rest.first != UInt8(ascii: "?") { location += query }
    return location + rest
  }

  /// The index after scheme and authority of a URL.
  static func authorityEnd(of url: [UInt8]) -> Int {
    guard let colon = url.firstIndex(of: UInt8(ascii: ":")) else { return 0 }
    let start = min(colon + 3, url.count)
    return url[start...].firstIndex {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
    } ?? url.count
  }
}
