/// A field that is sent with the files that a pattern fits.
///
/// It replaces a field of that name which would be sent otherwise. Of several rules for a name the
/// last one that fits counts.
public struct FieldRule: Equatable, Sendable {
  /// A pattern for the path below the mount; `*` and `?` match slashes too.
  public let glob: String
  /// The field's name.
  public let name: String
  /// The field's value.
  public let value: String

  /// Why a rule cannot be used; one line.
  public struct Malformed: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to give instead.
    public let description: String
  }

  /// A rule of its three parts.
  ///
  /// - Throws: when the name is no token, the value has a control character, or the server alone
  ///   can know the value.
  public init(glob: String, name: String, value: String) throws(Malformed) {
    guard !glob.isEmpty else { throw Malformed(description: "there is no pattern") }
    guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
      throw Malformed(description: "'\(name)' is no name of a field")
    }
    guard !value.isEmpty else { throw Malformed(description: "\(name) has no value") }
    guard value.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else {
      throw Malformed(description: "the value of \(name) has a control character")
    }
    if let reason = Self.reserved[name.lowercased()] {
      throw Malformed(description: "\(name) cannot be set; \(reason)")
    }
    self.glob = glob
    self.name = name
    self.value = value
  }

  /// Reads `GLOB: Field: value`; a colon in a path is written as `?`.
  public init(_ text: String) throws(Malformed) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw Malformed(description: "give 'GLOB: Field: value'")
    }
    let (glob, name, value) = (parts[0], parts[1], parts[2])
    try self.init(
      glob: glob.trimmed,
      // Space in front of a colon is no part of the grammar; elsewhere it is only for people.
      name: String(name.drop { $0 == " " }),
      value: value.trimmed
    )
  }

  /// Bytes of its line in a response head.
  var byteCount: Int { name.utf8.count + value.utf8.count + 4 }

  /// The name in lower case.
  var key: String { name.lowercased() }

  /// Whether the field describes the content that a 304 does not carry (RFC 9110 §15.4.5).
  var isForContent: Bool {
    ["content-type", "content-language", "content-disposition", "content-digest", "repr-digest"]
      .contains(key)
  }

  /// Fields that belong to the framing, to the connection, or to the validators.
  private static let reserved: [String: String] = {
    let framing = "it frames the message"
    let connection = "it belongs to the connection"
    let validator = "it is made from the file, and conditional requests rest on it"
    let negotiation = "it follows from the codings that are stored"
    return [
      "content-length": framing, "content-range": framing, "transfer-encoding": framing,
      "trailer": framing,
      "connection": connection, "keep-alive": connection, "proxy-connection": connection,
      "te": connection, "upgrade": connection,
      "date": "it is the time of the answer",
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
