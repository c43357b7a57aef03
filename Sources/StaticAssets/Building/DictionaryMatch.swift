/// The value of `Use-As-Dictionary` for a file whose name changes with its content.
///
/// Source: RFC 9842 §2.1; URL Pattern standard (the syntax of `match`); RFC 9651 §3.3.3 (strings).
package enum DictionaryMatch {
  /// Smaller files gain nothing: a delta has a head of 40 bytes, and the field is sent with each
  /// response.
  package static let byteCountMin: Int64 = 4096

  /// The value of the field; nil for a name in which no hash is found.
  ///
  /// - Parameters:
  ///   - path: the URL path, percent-decoded.
  ///   - type: the value of `Content-Type`.
  static func fieldValue(_ path: [UInt8], type: [UInt8]) -> [UInt8]? {
    guard let pattern = pattern(path) else { return nil }
    var value = quoted("match=", pattern)
    // Style sheets are requested as such. A script may be fetched as one, as a worker or by
    // fetch(), so its destination is not known.
    if type.starts(with: Array("text/css".utf8)) { value += Array(", match-dest=(\"style\")".utf8) }
    return value
  }

  /// The value of the field for a dictionary of the site.
  ///
  /// A pattern that ends with `.html` matches the URLs of pages, which may lack the suffix; the URL
  /// of `index.html` is that of its directory.
  ///
  /// - Parameters:
  ///   - prefix: the URL path of the root.
  ///   - pattern: a path below it; `*` matches any characters.
  static func fieldValue(_ prefix: [UInt8], pattern: ArraySlice<UInt8>) -> [UInt8] {
    var pattern = pattern
    let arePages = pattern.suffix(5).elementsEqual(".html".utf8)
    if arePages {
      pattern = pattern.dropLast(5)
      let slash = pattern.lastIndex(of: UInt8(ascii: "/"))
      let name = pattern[(slash.map { $0 + 1 } ?? pattern.startIndex)...]
      if name.elementsEqual("index".utf8) { pattern = pattern.dropLast(name.count) }
      if pattern.last != UInt8(ascii: "*") { pattern.append(UInt8(ascii: "*")) }
    }
    let parts = pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    let match = parts.map { escaped($0) }.joined(separator: [UInt8(ascii: "*")])
    let end = arePages ? ", match-dest=(\"document\" \"frame\" \"iframe\")" : ""
    return quoted("match=", escaped(prefix[...]) + Array(match)) + Array(end.utf8)
  }

  /// A parameter whose value is an sf-string, with backslash and quote escaped (RFC 9651 §3.3.3).
  private static func quoted(_ name: StaticString, _ text: [UInt8]) -> [UInt8] {
    var value = Array("\(name)\"".utf8)
    for byte in text {
      if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") {
        value.append(UInt8(ascii: "\\"))
      }
      value.append(byte)
    }
    value.append(UInt8(ascii: "\""))
    return value
  }

  /// The pattern that covers `path` with any other hash: `/js/app.*.js` for
  /// `/js/app.5d41402abc4b.js`.
  package static func pattern(_ path: [UInt8]) -> [UInt8]? {
    let slash = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    guard let parts = stableParts(path[slash...]), parts.count > 1 else { return nil }
    // Without a fixed part before the hash, the pattern would match every file of the directory.
    guard let first = parts.first, !first.isEmpty else { return nil }
    let name = parts.map { escaped($0[...]) }.joined(separator: [UInt8(ascii: "*")])
    return escaped(path[..<slash]) + Array(name)
  }

  /// The parts of a file's name between its hashes; nil when it has no hash.
  ///
  /// The last hash is Django's (twelve hexadecimal digits before the extension) or a bundler's;
  /// hashes before it are a bundler's.
  package static func stableParts(_ name: ArraySlice<UInt8>) -> [[UInt8]]? {
    let tokens = tokens(name)
    var parts: [[UInt8]] = [[]]
    for token in tokens {
      guard tokens.count > 1, token.isHash else {
        parts[parts.count - 1] += token.bytes
        continue
      }
      // Two hashes separated by at most one character become one `*`.
      let isAdjacent = parts.count > 1 && parts[parts.count - 1].count <= 1
      if isAdjacent { parts[parts.count - 1] = [] } else { parts.append([]) }
    }
    return parts.count > 1 ? parts : nil
  }

  /// A separator, or what is between two of them.
  private struct Token {
    let bytes: ArraySlice<UInt8>
    let isHash: Bool
  }

  /// The name split at dots, hyphens and tildes.
  private static func tokens(_ name: ArraySlice<UInt8>) -> [Token] {
    var tokens: [Token] = []
    let segments = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      if index > 0 {
        let dot = segment.startIndex - 1
        tokens.append(Token(bytes: name[dot...dot], isHash: false))
      }
      let isInner = index > 0 && index < segments.count - 1
      if isInner, isBase64Hash(segment) {
        tokens.append(Token(bytes: segment, isHash: true))
      } else {
        appendWords(of: segment, to: &tokens)
      }
    }
    return tokens
  }

  /// Adds the tokens of a part of the name without dots.
  private static func appendWords(of segment: ArraySlice<UInt8>, to tokens: inout [Token]) {
    var rest = segment
    // A hash behind a hyphen may contain another one.
    var hash: ArraySlice<UInt8>?
    let last = segment.suffix(base64ByteCount)
    if segment.count > base64ByteCount, segment[last.startIndex - 1] == UInt8(ascii: "-"),
      isBase64Hash(last)
    {
      hash = last
      rest = segment[..<last.startIndex]
    }
    var start = rest.startIndex
    for index in rest.indices where isSeparator(rest[index]) {
      if index > start { tokens.append(word(segment, start..<index)) }
      tokens.append(Token(bytes: rest[index...index], isHash: false))
      start = index + 1
    }
    if start < rest.endIndex { tokens.append(word(segment, start..<rest.endIndex)) }
    if let hash { tokens.append(Token(bytes: hash, isHash: true)) }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
  }

  /// The number of characters of a hash in base64url, as Vite and Rollup write it.
  private static let base64ByteCount = 8

  /// Whether `text`, between two dots or behind a hyphen, is a hash as Rollup writes it.
  ///
  /// Versions, dates and words with hyphens have no capital; a word in camel case has no digit and
  /// changes the case three times. 87 % of random hashes are recognised.
  private static func isBase64Hash(_ text: ArraySlice<UInt8>) -> Bool {
    let letters = text.count { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    return text.count == base64ByteCount
      && text.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
      && ImmutableNameMatcher.isBase64Hash(text, changeCountMin: letters == text.count ? 4 : 3)
  }

  /// The token at `range` of `segment`.
  ///
  /// It is a hash if it has twelve hexadecimal digits, 8 to 64 hexadecimal digits with both a decimal
  /// digit and a letter, or eight base64url characters behind a hyphen.
  private static func word(_ segment: ArraySlice<UInt8>, _ range: Range<Int>) -> Token {
    let token = segment[range]
    guard (8...64).contains(token.count) else { return Token(bytes: token, isHash: false) }
    if token.allSatisfy(\.isLowercaseHexDigit) {
      let digits = token.count { $0 &- UInt8(ascii: "0") < 10 }
      let isHash = token.count == 12 || digits > 0 && digits < token.count
      return Token(bytes: token, isHash: isHash)
    }
    let isAfterHyphen =
      range.lowerBound > segment.startIndex && segment[range.lowerBound - 1] == UInt8(ascii: "-")
    let isHash =
      isAfterHyphen && token.count == base64ByteCount && ImmutableNameMatcher.isBase64Hash(token)
    return Token(bytes: token, isHash: isHash)
  }

  /// `path`, percent-encoded as in a URL, with the special characters of URL patterns escaped.
  private static func escaped(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var pattern: [UInt8] = []
    for byte in PercentEncoding.path(path) {
      if "*+?:{}()\\".utf8.contains(byte) { pattern.append(UInt8(ascii: "\\")) }
      pattern.append(byte)
    }
    return pattern
  }
}
