/// A field that is sent with the files that match a pattern.
///
/// It replaces the field of that name that would be sent otherwise. If several rules for a name
/// match, the last one applies.
public struct FieldRule: Equatable, Sendable {
  /// The pattern for the path below the mount; `*` and `?` also match slashes.
  package let glob: String
  /// The field name.
  package let name: String
  /// The field value.
  package let value: String

  /// Why a rule is invalid; one line.
  package struct Malformed: Error, Equatable, Sendable, CustomStringConvertible {
    /// The fault, and what to write instead.
    package let description: String
  }

  /// A rule.
  ///
  /// - Throws: `AssetError` with the code `invalidOption` when a part is empty, the name is not a
  ///   token, the value contains a control character, or the field is reserved for the server.
  public init(glob: String, name: String, value: String) throws(AssetError) {
    do throws(Malformed) {
      try self.init(glob, name, value)
    } catch {
      throw .invalidOption("fields:", error.description)
    }
  }

  private init(_ glob: String, _ name: String, _ value: String) throws(Malformed) {
    guard !glob.isEmpty else { throw Malformed(description: "the pattern is empty") }
    guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
      throw Malformed(description: "'\(name)' is not a field name")
    }
    guard !value.isEmpty else { throw Malformed(description: "the value of \(name) is empty") }
    guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
      throw Malformed(description: "the value of \(name) contains a control character")
    }
    if let reason = Self.reserved[name.lowercased()] {
      throw Malformed(description: "\(name) cannot be set; \(reason)")
    }
    self.glob = glob
    self.name = name
    self.value = value
  }

  /// A field for every file, whose name and value are valid.
  init(trusted name: String, _ value: String) {
    glob = "*"
    self.name = name
    self.value = value
  }

  /// Parses `GLOB: Field: value`; a colon in the glob is written as `?`.
  ///
  /// - Throws: `Malformed`.
  package init(_ text: String) throws(Malformed) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw Malformed(description: "write 'GLOB: Field: value'")
    }
    let (glob, name, value) = (parts[0], parts[1], parts[2])
    // RFC 9112 §5.1 forbids white space before the colon; at the start it is accepted.
    try self.init(glob.trimmed, String(name.drop { $0 == " " }), value.trimmed)
  }

  /// Bytes of the field line, with its CRLF.
  var byteCount: Int { name.utf8.count + value.utf8.count + 4 }

  /// The name in lower case.
  package var key: String { name.lowercased() }

  /// Whether the field describes the content, and so is not sent with a 304 (RFC 9110 §15.4.5).
  var isForContent: Bool {
    ["content-type", "content-language", "content-disposition", "content-digest", "repr-digest"]
      .contains(key)
  }

  /// Fields that describe the framing, the connection or the representation, with the reason.
  private static let reserved: [String: String] = {
    let framing = "it frames the message"
    let connection = "it belongs to the connection"
    let validator = "it is derived from the file, and conditional requests depend on it"
    let negotiation = "it depends on the stored codings"
    return [
      "content-length": framing, "content-range": framing, "transfer-encoding": framing,
      "trailer": framing,
      "connection": connection, "keep-alive": connection, "proxy-connection": connection,
      "te": connection, "upgrade": connection,
      "date": "it is the time of the response",
      "etag": validator, "last-modified": validator, "accept-ranges": validator,
      "content-encoding": negotiation, "vary": negotiation,
    ]
  }()
}

extension Substring {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: String {
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    let start = drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...last])
  }
}
