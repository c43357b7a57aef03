/// A field that tags a file, so that shared caches can purge all files with a tag.
///
/// Each file has the tag `staticd`, the tag `staticd-hashed` or `staticd-unhashed`, and, if
/// `staticd.json` records it, `staticd-release-` with the label of the last release that contains
/// the file.
public enum CacheTagField: Hashable, Sendable, CaseIterable {
  /// `Cache-Tag`, a list with commas, for Cloudflare.
  case cacheTag
  /// `Surrogate-Key`, a list with spaces, for Fastly and Varnish's xkey.
  case surrogateKey

  var name: String {
    switch self {
    case .cacheTag: "Cache-Tag"
    case .surrogateKey: "Surrogate-Key"
    }
  }

  var separator: String {
    switch self {
    case .cacheTag: ","
    case .surrogateKey: " "
    }
  }
}

/// The fields that tag files, built once for each release and class of names.
struct CacheTags {
  private let fields: [CacheTagField]
  private var known: [Key: [FieldRule]] = [:]

  private struct Key: Hashable {
    let release: [UInt8]
    let isHashed: Bool
  }

  init(_ fields: Set<CacheTagField>) {
    self.fields = CacheTagField.allCases.filter(fields.contains)
  }

  /// Whether there are any.
  var isEmpty: Bool { fields.isEmpty }

  /// The fields of a file, except those in `given`.
  ///
  /// - Parameter release: a label; left out unless it consists of letters and digits.
  mutating func fields(
    release: ArraySlice<UInt8>,
    isHashed: Bool,
    besides given: [FieldRule]
  ) -> [FieldRule] {
    let key = Key(release: Array(release), isHashed: isHashed)
    let rules = known[key] ?? make(key)
    known[key] = rules
    guard !given.isEmpty else { return rules }
    return rules.filter { rule in !given.contains { $0.key == rule.key } }
  }

  private func make(_ key: Key) -> [FieldRule] {
    var tags = ["staticd", key.isHashed ? "staticd-hashed" : "staticd-unhashed"]
    let isLabel = key.release.allSatisfy {
      $0 &- UInt8(ascii: "0") < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26
    }
    if !key.release.isEmpty, isLabel {
      tags.append("staticd-release-" + String(decoding: key.release, as: UTF8.self))
    }
    return fields.map { field in
      FieldRule(trusted: field.name, tags.joined(separator: field.separator))
    }
  }
}
