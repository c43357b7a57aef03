@testable import StaticAssets

/// A request head parsed by the rules of RFC 9112 in sequence, in the simplest Swift.
///
/// A reference implementation of `RequestHeadParser` for tests: written from the RFC and the
/// documented limits, line by line, with copies everywhere. Each byte is a character (Latin-1).
struct NaiveRequestHead: Equatable {
  var method = ""
  var target = ""
  var path = ""
  var isVersion10 = false
  var keepsAlive = true
  var content = RequestContent.none
  var host = ""
  /// The first values of the fields that affect the response, by lower-case name.
  var deciding: [String: String] = [:]
  var repeated: Set<String> = []
  var byteCount = 0

  enum Outcome: Equatable {
    case complete(NaiveRequestHead)
    case incomplete
    case rejected(ResponseStatus)
  }

  /// Why parsing of a head stops.
  private enum Stop: Error {
    case incomplete
    case rejected(ResponseStatus)
  }

  static func read(_ bytes: [UInt8], _ limits: RequestLimits) -> Outcome {
    // Bytes beyond the limit never count: a head that has not ended by then is too large.
    let text = bytes.prefix(limits.headBytesMax).map { Character(UnicodeScalar($0)) }
    do {
      return .complete(try NaiveRequestHead(text, limits))
    } catch Stop.rejected(let status) {
      return .rejected(status)
    } catch {
      return bytes.count < limits.headBytesMax ? .incomplete : .rejected(.fieldsTooLarge)
    }
  }

  private init(_ text: [Character], _ limits: RequestLimits) throws {
    var rest = text[...]
    // RFC 9112 §2.2: empty lines before a request are ignored.
    while rest.starts(with: ["\r", "\n"]) { rest = rest.dropFirst(2) }
    guard !rest.isEmpty, rest != ["\r"] else { throw Stop.incomplete }
    try readRequestLine(&rest, limits)

    var fields: [(name: String, value: String)] = []
    while true {
      guard let line = Self.line(&rest) else {
        try Self.checkStartOfField(rest)
        throw Stop.incomplete
      }
      if line.isEmpty { break }
      fields.append(try Self.field(line))
      guard fields.count <= limits.fieldCountMax else { throw Stop.rejected(.fieldsTooLarge) }
      try Self.checkFraming(fields, isVersion10: isVersion10)
    }
    byteCount = text.count - rest.count
    try apply(fields)
  }

  /// The next line without its CRLF, which is consumed as well; nil if there is no CRLF.
  private static func line(_ rest: inout ArraySlice<Character>) -> ArraySlice<Character>? {
    for index in rest.indices.dropLast() where rest[index] == "\r" && rest[index + 1] == "\n" {
      defer { rest = rest[(index + 2)...] }
      return rest[..<index]
    }
    return nil
  }

  // MARK: - The request line, §3

  private mutating func readRequestLine(
    _ rest: inout ArraySlice<Character>,
    _ limits: RequestLimits
  ) throws {
    let whole = Self.line(&rest)
    let parts = (whole ?? rest).split(separator: " ", omittingEmptySubsequences: false)
    guard parts[0].allSatisfy(Self.isTokenCharacter) else { throw Stop.rejected(.badRequest) }
    if parts.count == 1 {
      // More bytes may follow, unless the line is complete.
      throw whole == nil ? Stop.incomplete : Stop.rejected(.badRequest)
    }
    let valid = parts[1].prefix { $0 > " " && $0 != "\u{7F}" && $0 != "#" }
    if parts[0].isEmpty { throw Stop.rejected(.badRequest) }
    if valid.count > limits.targetBytesMax { throw Stop.rejected(.targetTooLong) }
    if valid.count < parts[1].count { throw Stop.rejected(.badRequest) }
    if parts.count == 2, whole == nil { throw Stop.incomplete }
    guard parts.count == 3, !parts[1].isEmpty else { throw Stop.rejected(.badRequest) }

    let version = parts[2] + (whole == nil ? [] : ["\r", "\n"])
    let form = Array("HTTP/1.1") + ["\r", "\n"]
    let fits = zip(version, form).allSatisfy { $1 == "1" ? Self.isDigit($0) : $0 == $1 }
    guard fits, version.count <= form.count else { throw Stop.rejected(.badRequest) }
    guard version.count == form.count else {
      throw whole == nil ? Stop.incomplete : Stop.rejected(.badRequest)
    }
    let digits = version.filter(Self.isDigit)
    guard digits[0] == "1" else { throw Stop.rejected(.versionNotSupported) }
    isVersion10 = digits[1] == "0"
    method = String(parts[0])
    target = String(parts[1])
    path = try readPath()
  }

  /// §3.2: the path of an origin-form, absolute-form or asterisk-form target.
  private func readPath() throws -> String {
    let beforeQuery = target.split(separator: "?", omittingEmptySubsequences: false)[0]
    if target.hasPrefix("/") { return String(beforeQuery) }
    if target == "*", method == "OPTIONS" { return "*" }
    for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
      let afterScheme = beforeQuery.dropFirst(scheme.count)
      let authority = String(afterScheme.prefix { $0 != "/" })
      if authority.isEmpty || authority.hasPrefix(":") || !Self.isHost(authority) { break }
      return String(afterScheme.dropFirst(authority.count))
    }
    throw Stop.rejected(method == "CONNECT" ? .notImplemented : .badRequest)
  }

  // MARK: - Field lines, §5

  private static func field(_ line: ArraySlice<Character>) throws -> (name: String, value: String) {
    guard let colon = line.firstIndex(of: ":") else { throw Stop.rejected(.badRequest) }
    let name = line[..<colon]
    let value = line[(colon + 1)...]
    guard !name.isEmpty, name.allSatisfy(isTokenCharacter), value.allSatisfy(isValueCharacter)
    else { throw Stop.rejected(.badRequest) }
    return (String(name).lowercased(), trimmed(String(value)))
  }

  /// 400 unless `rest`, which has no CRLF, can become a field line or the empty line.
  private static func checkStartOfField(_ rest: ArraySlice<Character>) throws {
    if rest.isEmpty || rest == ["\r"] { return }
    if rest.allSatisfy(isTokenCharacter) { return }
    _ = try field(rest.last == "\r" && rest.contains(":") ? rest.dropLast() : rest)
  }

  /// Rejects the request at once if the last of `fields` makes it invalid.
  private static func checkFraming(
    _ fields: [(name: String, value: String)],
    isVersion10: Bool
  ) throws {
    let (name, value) = fields[fields.count - 1]
    let isRepeated = fields.dropLast().contains { $0.name == name }
    switch name {
    case "host":
      if isRepeated || !isHost(value) { throw Stop.rejected(.badRequest) }
    case "content-length":
      // More than 18 digits are rejected, whatever their value.
      if isRepeated || value.isEmpty || value.count > 18 || !value.allSatisfy(isDigit) {
        throw Stop.rejected(.badRequest)
      }
    case "transfer-encoding":
      if isRepeated { throw Stop.rejected(.badRequest) }
      if value.lowercased() != "chunked" { throw Stop.rejected(.notImplemented) }
    case "expect":
      // RFC 9110 §10.1.1
      if !isVersion10, value.lowercased() != "100-continue" {
        throw Stop.rejected(.expectationFailed)
      }
    default:
      break
    }
  }

  private mutating func apply(_ fields: [(name: String, value: String)]) throws {
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    // RFC 9112 §3.2
    guard isVersion10 || !values("host").isEmpty else { throw Stop.rejected(.badRequest) }
    host = values("host").first ?? ""
    // §6.1 and §6.3
    let length = values("content-length").first
    if !values("transfer-encoding").isEmpty {
      guard length == nil, !isVersion10 else { throw Stop.rejected(.badRequest) }
      content = .chunked
    } else if let length, let count = Int64(length), count > 0 {
      content = .length(count)
    }
    // §9.3
    let options = values("connection").flatMap { $0.split(separator: ",") }.map {
      Self.trimmed(String($0)).lowercased()
    }
    keepsAlive = !options.contains("close") && (!isVersion10 || options.contains("keep-alive"))
    for name in Self.decidingFields {
      deciding[name] = values(name).first
      if values(name).count > 1 { repeated.insert(name) }
    }
  }

  static let decidingFields = [
    "accept-encoding", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since",
    "if-range", "range", "available-dictionary",
  ]

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  // MARK: - Characters

  /// RFC 3986 §3.2.2 and §3.2.3, without the comma; of an IPv6 address, its characters.
  static func isHost(_ text: String) -> Bool {
    var name = text
    var port = ""
    let start = text.hasPrefix("[") ? text.firstIndex(of: "]") ?? text.endIndex : text.startIndex
    if let colon = text[start...].firstIndex(of: ":") {
      name = String(text[..<colon])
      port = String(text[text.index(after: colon)...])
    }
    guard port.allSatisfy(isDigit) else { return false }
    guard name.hasPrefix("[") else { return isRegisteredName(name) }
    guard name.hasSuffix("]"), name.count > 2 else { return false }
    let address = name.dropFirst().dropLast()
    guard address.lowercased().hasPrefix("v") else {
      return address.allSatisfy { isHexDigit($0) || $0 == ":" || $0 == "." }
    }
    let parts = address.dropFirst().split(
      separator: ".",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(isHexDigit)
      && !parts[1].isEmpty && parts[1].allSatisfy { isNameCharacter($0) || $0 == ":" }
  }

  private static func isRegisteredName(_ name: String) -> Bool {
    let parts = name.split(separator: "%", omittingEmptySubsequences: false)
    return parts.joined().allSatisfy(isNameCharacter)
      && parts.dropFirst().allSatisfy { $0.count >= 2 && $0.prefix(2).allSatisfy(isHexDigit) }
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    isLetter(character) || isDigit(character) || "-._~!$&'()*+;=".contains(character)
  }

  private static func isTokenCharacter(_ character: Character) -> Bool {
    isLetter(character) || isDigit(character) || "!#$%&'*+-.^_`|~".contains(character)
  }

  private static func isValueCharacter(_ character: Character) -> Bool {
    character == "\t" || (character >= " " && character != "\u{7F}")
  }

  private static func isLetter(_ character: Character) -> Bool {
    character.isASCII && character.isLetter
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func isHexDigit(_ character: Character) -> Bool {
    character.isASCII && character.isHexDigit
  }
}
