/// Reads one line of a file of redirects.
struct RedirectLine {
  private let bytes: ArraySlice<UInt8>
  private let number: Int

  init(_ bytes: ArraySlice<UInt8>, _ number: Int) {
    self.bytes = bytes.last == .carriageReturn ? bytes.dropLast() : bytes
    self.number = number
  }

  private static let statuses: [ResponseStatus] = [
    .movedPermanently, .found, .seeOther, .temporaryRedirect, .permanentRedirect,
  ]

  /// The rule; nil for an empty line and a comment.
  func rule() throws(RedirectRules.Mistake) -> RedirectRule? {
    guard bytes.count <= RedirectRules.lineByteCountMax else {
      throw mistake("longer than \(RedirectRules.lineByteCountMax) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw mistake("not UTF-8") }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw mistake("it has a control character")
    }
    var words: [Substring] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      guard !word.hasPrefix("#") else { break }
      words.append(word)
    }
    guard let from = words.first else { return nil }
    guard words.count > 1 else {
      throw mistake("'\(from)' has no target; write '/from /to' or '/from /to 301'")
    }
    guard words.count <= 3, !words[1].contains("=") || Self.isTarget(words[1]) else {
      throw mistake("a rule is '/from /to 301'; conditions and query parameters are not supported")
    }
    let (status, isForced) = try status(words.count == 3 ? words[2] : "301")
    let (segments, hasSplat) = try path(from)
    var names = Set(
      segments.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
    )
    if hasSplat { names.insert(RedirectRule.splat) }
    return RedirectRule(
      line: number,
      segments: segments,
      hasSplat: hasSplat,
      target: try target(words[1], names, of: from),
      status: status,
      isForced: isForced
    )
  }

  private static func isTarget(_ word: Substring) -> Bool {
    word.hasPrefix("/") || word.hasPrefix("http://") || word.hasPrefix("https://")
  }

  /// A status, with the suffix `!` if the rule takes precedence over a file.
  private func status(_ word: Substring) throws(RedirectRules.Mistake) -> (ResponseStatus, Bool) {
    let isForced = word.hasSuffix("!")
    let digits = isForced ? word.dropLast() : word
    if digits == "200" {
      throw mistake("rewrites (200) are not supported; for a page, give --fallback /URL/=FILE")
    }
    guard digits.count == 3, let status = UInt16(digits).flatMap(ResponseStatus.init),
      Self.statuses.contains(status)
    else { throw mistake("'\(word)' is no status; give 301, 302, 303, 307 or 308") }
    return (status, isForced)
  }

  private func path(
    _ word: Substring
  ) throws(RedirectRules.Mistake) -> ([RedirectRule.Segment], hasSplat: Bool) {
    guard word.hasPrefix("/"), !word.contains("?"), !word.contains("#") else {
      throw mistake("'\(word)': the path begins with '/', and has no query and no fragment")
    }
    var parts = word.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    let hasSplat = parts.last == "*"
    if hasSplat || parts.last == "" { parts.removeLast() }
    var segments: [RedirectRule.Segment] = []
    for part in parts {
      if part.hasPrefix(":") {
        let name = String(part.dropFirst())
        let isTaken = segments.contains(.placeholder(name)) || name == RedirectRule.splat
        guard !name.isEmpty, name.utf8.allSatisfy(Self.isName), !isTaken else {
          throw mistake("'\(part)': a placeholder has a name of its own of letters and digits")
        }
        segments.append(.placeholder(name))
        continue
      }
      guard !part.contains("*") else {
        throw mistake("'\(word)': a '*' stands alone at the end, as in '/blog/*'")
      }
      let literal = Array(part.utf8)
      var decoded = DecodedPath()
      let isDecodable = decoded.decode(literal.span, 0..<literal.count)
      let text = (0..<decoded.count).map { decoded.bytes[$0] }
      let isPlain =
        text != Array(".".utf8) && text != Array("..".utf8)
        && !text.contains(UInt8(ascii: "/")) && !text.contains(UInt8(ascii: "\\"))
      guard isDecodable, isPlain, !part.isEmpty else {
        throw mistake("'\(word)': no request has that path; leave out '//', '.', '..' and '\\'")
      }
      segments.append(.literal(text))
    }
    return (segments, hasSplat)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || isLetter(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  /// Whether a byte is allowed in the host and port of a target.
  private static func isAuthority(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || "-.:[]".utf8.contains(byte)
  }

  private func target(
    _ word: Substring,
    _ names: Set<String>,
    of from: Substring
  ) throws(RedirectRules.Mistake) -> [RedirectRule.Piece] {
    let bytes = Array(word.utf8)
    guard Self.isTarget(word), !word.hasPrefix("//"), !bytes.contains(UInt8(ascii: "\\")) else {
      throw mistake("'\(word)': a target is a path with one '/' at its start, or an http URL")
    }
    var start = 0
    if !word.hasPrefix("/") {
      start = RedirectRule.authorityEnd(of: bytes)
      let schemeEnd = (bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0) + 3
      let authority = bytes[schemeEnd..<start]
      let isHost = HostValue.isValid(bytes.span, schemeEnd..<start) && !authority.isEmpty
      guard isHost, authority.first != UInt8(ascii: ":"), authority.allSatisfy(Self.isAuthority)
      else {
        throw mistake("'\(word)': the host of a target is a name without placeholders")
      }
    }
    var pieces = [RedirectRule.Piece.literal(Array(bytes[..<start]))]
    var position = start
    var literal: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      let name = bytes[position...].prefix(while: Self.isName)
      let first = name.first ?? 0
      guard byte == UInt8(ascii: ":"), !name.isEmpty, !Self.isDigit(first) else {
        literal += Self.encoded(byte)
        continue
      }
      let text = String(decoding: name, as: UTF8.self)
      guard names.contains(text) else { throw mistake("'\(from)' has no ':\(text)'") }
      pieces += [.literal(literal), .value(text)]
      literal = []
      position += name.count
    }
    pieces.append(.literal(literal))
    return pieces.reduce(into: []) { result, piece in
      guard case .literal(let text) = piece else { return result.append(piece) }
      guard !text.isEmpty else { return }
      if case .literal(let last)? = result.last {
        result[result.count - 1] = .literal(last + text)
      } else {
        result.append(piece)
      }
    }
  }

  /// A byte of a target, percent-encoded unless it is allowed in a URL (RFC 3986 §2).
  private static func encoded(_ byte: UInt8) -> [UInt8] {
    let isUnsafe = byte >= 0x80 || "\"<>^`{|}".utf8.contains(byte)
    return isUnsafe ? PercentEncoding.segment([byte]) : [byte]
  }

  private func mistake(_ reason: String) -> RedirectRules.Mistake {
    RedirectRules.Mistake(line: number, reason: reason)
  }
}
