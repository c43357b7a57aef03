/// Why the fields of a response have the values that they have.
struct FieldReasons {
  let options: FileTable.Options
  /// The file below its mount; nil for answers that are no file's.
  let name: FilePath?
  let entry: FileEntry?

  /// The reason for the field `field` with `value`.
  func reason(for field: String, _ value: String) -> String {
    let key = field.lowercased()
    if let rule = rule(for: key, value) { return "field rule '\(rule.glob): \(rule.name): ...'" }
    switch key {
    case "cache-control": return cacheControl(value)
    case "content-type": return contentType(value)
    case "etag": return entityTag(value)
    case "last-modified": return "the file's time, RFC 9110 §8.8.2"
    case "vary": return "there are several codings of it, RFC 9110 §12.5.5"
    case "content-encoding": return "the chosen coding, RFC 9110 §8.4"
    case "content-length": return "RFC 9110 §8.6"
    case "content-range": return "RFC 9110 §14.4"
    case "accept-ranges": return "RFC 9110 §14.3"
    case "allow": return "RFC 9110 §10.2.1"
    case "location": return "a relative reference, with the request's query, RFC 9110 §10.2.2"
    case "access-control-allow-origin": return "pages of any origin may read it, the default"
    default: return ""
    }
  }

  /// The operator's rule that gave `key` its value.
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
    guard let name, let characters else { return "no answer of a file: not to be kept" }
    if value == CachePolicy.immutable.fieldValue {
      let names = options.immutableNames.last {
        ImmutableNameMatcher($0).matches(name, characters)
      }
      guard let names else { return "the manifest calls this name hashed" }
      return "immutable names \(names.shown)"
    }
    let rule = options.maxAges.last { Glob(Array($0.glob.utf8)).matches(characters) }
    guard let rule else { return "the name is not hashed, and no rule is about it" }
    return "max-age rule '\(rule.glob)=\(rule.seconds)'"
  }

  private func contentType(_ value: String) -> String {
    guard let name else { return "RFC 9110 §8.3" }
    let given = MediaTypeTable(options.mediaTypes).contentType(of: name, known: [])
    let own = MediaType.contentType(ofFileNamed: name.bytes)
    if own == value { return "by the name's extension" }
    return given == Array(value.utf8) ? "media-type rule" : "staticd.json says so"
  }

  private func entityTag(_ value: String) -> String {
    let start = value.dropFirst().prefix { $0 != "-" && $0 != "\"" }
    let isTimed = start.count != 16 || start.contains(".")
    let origin = isTimed ? "time and size, the content is not known" : "the content's SHA-256"
    return "strong, from \(origin), one for each coding, RFC 9110 §8.8.3"
  }
}

extension ImmutableNames {
  /// As on the command line.
  fileprivate var shown: String {
    switch self {
    case .glob(let glob): "'\(glob)'"
    case .vite: "'vite'"
    case .webpack: "'webpack'"
    }
  }
}
