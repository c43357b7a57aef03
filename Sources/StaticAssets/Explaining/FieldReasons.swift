/// Explains the fields of a response.
struct FieldReasons {
  let options: FileTable.Options
  /// The file's path below its mount; nil when the response is not a file's.
  let name: BytePath?
  let entry: FileEntry?
  /// Whether it is a file of a live directory.
  var isLive = false

  /// The reason why `field` has `value`.
  func reason(for field: String, _ value: String) -> String {
    let key = field.lowercased()
    if let rule = rule(for: key, value) { return "field rule '\(rule.glob): \(rule.name): ...'" }
    switch key {
    case "cache-control": return cacheControl(value)
    case "content-type": return contentType(value)
    case "etag": return entityTag(value)
    case "last-modified":
      return "the file's modification time, or `collect --source-date`, RFC 9110 §8.8.2"
    case "x-content-type-options": return "uploads: no other type is guessed"
    case "content-disposition", "content-security-policy":
      return "uploads: active content (--live-active serves it as it is)"
    case "use-as-dictionary":
      return "later contents of the file can be sent as a delta from this one, RFC 9842 §2.1"
    case "vary":
      if value.hasSuffix("Available-Dictionary") { return "the file has deltas, RFC 9842 §6.2" }
      return value.hasPrefix("Accept,") || value == "Accept"
        ? "the app answers other clients, RFC 9110 §12.5.5"
        : "the file has several codings, RFC 9110 §12.5.5"
    case "content-encoding": return "the chosen coding, RFC 9110 §8.4"
    case "content-length": return "RFC 9110 §8.6"
    case "content-range": return "RFC 9110 §14.4"
    case "accept-ranges": return "RFC 9110 §14.3"
    case "allow": return "RFC 9110 §10.2.1"
    case "location":
      return value.hasPrefix("/") || value.contains(text: "://")
        ? "the target of the rule, RFC 9110 §10.2.2"
        : "a relative reference, with the request's query, RFC 9110 §10.2.2"
    case "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age":
      return "the answer to a CORS preflight"
    case "access-control-allow-origin": return "pages of any origin may read it (default)"
    default: return ""
    }
  }

  /// The operator's rule that gave the field `key` its value; nil when there is none.
  private func rule(for key: String, _ value: String) -> FieldRule? {
    guard let characters = characters else { return nil }
    return options.fields.last {
      $0.key == key && $0.value == value && Glob(Array($0.glob.utf8)).matches(characters)
    }
  }

  private var characters: [UInt32]? {
    name.map { PythonCharacters.of($0.bytes) }
  }

  private func cacheControl(_ value: String) -> String {
    guard let name, let characters else { return "the response is not a file's" }
    if value == CachePolicy.immutable.fieldValue {
      let names = options.immutableNames.last {
        ImmutableNameMatcher($0).matches(name, characters)
      }
      guard let names else { return "the manifest lists this name as hashed" }
      return "immutable names \(names.optionText)"
    }
    let rule = options.maxAges.last { Glob(Array($0.glob.utf8)).matches(characters) }
    guard let rule else { return "the name is not hashed, and no rule matches it" }
    return "max-age rule '\(rule.glob)=\(rule.maxAge.wholeSeconds)'"
  }

  private func contentType(_ value: String) -> String {
    guard let name else { return "RFC 9110 §8.3" }
    let configured = MediaTypeTable(options.mediaTypes).contentType(of: name, known: [])
    let own = MediaType.contentType(ofFileNamed: name.bytes)
    if own == value { return "from the file name's extension" }
    return configured == Array(value.utf8) ? "media-type rule" : "from staticd.json"
  }

  private func entityTag(_ value: String) -> String {
    if isLive { return "strong, from time, size and change time" }
    let start = value.dropFirst().prefix { $0 != "-" && $0 != "\"" }
    let isTimed = start.count != 16 || start.contains(".")
    let origin = isTimed ? "time and size, no digest is known" : "the content's SHA-256"
    return "strong, from \(origin), one for each coding, RFC 9110 §8.8.3"
  }
}

extension ImmutableNames {
  /// The value as written on the command line.
  fileprivate var optionText: String {
    switch self {
    case .glob(let glob): "'\(glob)'"
    case .vite: "'vite'"
    case .webpack: "'webpack'"
    }
  }
}
