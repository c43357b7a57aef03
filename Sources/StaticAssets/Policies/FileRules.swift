/// The operator's rules, prepared for evaluation with every file.
package struct FileRules {
  private let maxAges: [(glob: Glob, maxAge: Duration)]
  private let immutable: [ImmutableNameMatcher]
  private let fields: [(glob: Glob, rule: FieldRule)]
  private let mediaTypes: MediaTypeTable
  /// The values of most files, formatted once.
  private let immutableValue: [UInt8]
  private let maxAgeValue: [UInt8]
  /// The directives for stale responses (RFC 5861); empty, or begins with a comma.
  private let staleValue: [UInt8]

  package init(_ options: FileTable.Options) {
    maxAges = options.maxAges.map { (Glob(Array($0.glob.utf8)), $0.maxAge) }
    immutable = options.immutableNames.map(ImmutableNameMatcher.init)
    fields = options.fields.map { (Glob(Array($0.glob.utf8)), $0) }
    mediaTypes = MediaTypeTable(options.mediaTypes)
    immutableValue = CachePolicy.immutable.bytes
    staleValue = Self.staleValue(options)
    maxAgeValue = CachePolicy.maxAge(options.maxAge).bytes(staleValue)
  }

  /// The result for one file.
  package struct Decision {
    /// The value of `Content-Type`.
    package var contentType: [UInt8]
    /// The value of `Cache-Control`; empty when it is not sent.
    package var cacheControl: [UInt8]
    /// Whether the name changes with the content.
    var isImmutable = false
    /// Additional fields; no name occurs twice.
    package var fields: [FieldRule] = []
  }

  /// The result for the file `name`, a path below its mount.
  ///
  /// - Parameters:
  ///   - name: the path.
  ///   - isHashed: whether a manifest lists the name as hashed.
  ///   - knownType: the value of `Content-Type` in a manifest; empty when there is none.
  package func decide(_ name: BytePath, isHashed: Bool, knownType: [UInt8]) -> Decision {
    let needsCharacters = !(maxAges.isEmpty && immutable.isEmpty && fields.isEmpty)
    let characters = needsCharacters ? PythonCharacters.of(name.bytes) : []
    let isImmutable = isHashed || immutable.contains { $0.matches(name, characters) }
    var decision = Decision(
      contentType: mediaTypes.contentType(of: name, known: knownType),
      cacheControl: isImmutable ? immutableValue : maxAgeValue(of: characters)
    )
    decision.isImmutable = isImmutable
    for (glob, rule) in fields where glob.matches(characters) { decision.add(rule) }
    return decision
  }

  private func maxAgeValue(of characters: [UInt32]) -> [UInt8] {
    guard let rule = maxAges.last(where: { $0.glob.matches(characters) }) else {
      return maxAgeValue
    }
    return CachePolicy.maxAge(rule.maxAge).bytes(staleValue)
  }

  /// The directives of RFC 5861.
  private static func staleValue(_ options: FileTable.Options) -> [UInt8] {
    var text = ""
    if let time = options.staleWhileRevalidate {
      text += ", stale-while-revalidate=\(time.wholeSeconds)"
    }
    if let time = options.staleIfError { text += ", stale-if-error=\(time.wholeSeconds)" }
    return Array(text.utf8)
  }
}

extension CachePolicy {
  /// The value of `Cache-Control`; empty when the field is not sent.
  fileprivate var bytes: [UInt8] { Array((fieldValue ?? "").utf8) }

  /// The same, with `suffix` behind a value that is sent.
  fileprivate func bytes(_ suffix: [UInt8]) -> [UInt8] { bytes.isEmpty ? [] : bytes + suffix }
}

extension FileRules.Decision {
  /// Adds the field of `rule`; it replaces a field of the same name.
  mutating func add(_ rule: FieldRule) {
    switch rule.key {
    case "content-type": contentType = Array(rule.value.utf8)
    case "cache-control": cacheControl = Array(rule.value.utf8)
    default:
      fields.removeAll { $0.key == rule.key }
      fields.append(rule)
    }
  }
}
