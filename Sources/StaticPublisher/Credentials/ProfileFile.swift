/// A file of profiles, such as `~/.aws/credentials` and `~/.aws/config`.
///
/// Parsed as by botocore, which uses Python's `RawConfigParser`: lower-case keys, `=` or `:`
/// between key and value, comments on their own lines; more deeply indented lines continue a value.
struct ProfileFile: Equatable, Sendable {
  /// The keys of each section.
  private(set) var sections: [String: [String: String]] = [:]

  init(_ text: String) {
    var section: String?
    var hasKey = false
    var indent = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let content = line.drop { $0 == " " || $0 == "\t" }
      guard let first = content.first, first != "#", first != ";" else { continue }
      let ownIndent = line.count - content.count
      // A continuation of the value above; no key that is read here has one.
      if section != nil, hasKey, ownIndent > indent { continue }
      indent = ownIndent
      if first == "[", let end = content.firstIndex(of: "]") {
        let name = String(content[content.index(after: content.startIndex)..<end])
        section = name
        hasKey = false
        sections[name, default: [:]].merge([:]) { own, _ in own }
        continue
      }
      guard let section,
        let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" })
      else { continue }
      hasKey = true
      let key = Self.trimmed(content[..<separator]).lowercased()
      sections[section]?[key] = Self.trimmed(content[content.index(after: separator)...])
    }
  }

  /// The keys of a profile in `credentials`; nil for none.
  func credentials(of profile: String) -> [String: String]? { sections[profile] }

  /// The keys of a profile in `config`, where the names of all but the default one follow
  /// `profile`; nil for none.
  func configuration(of profile: String) -> [String: String]? {
    if profile == "default", let section = sections["default"] { return section }
    return sections.first { name, _ in
      guard name.hasPrefix("profile ") || name.hasPrefix("profile\t") else { return false }
      let rest = Self.trimmed(name.dropFirst("profile ".count)[...])
      return rest == profile || rest == "\"\(profile)\"" || rest == "'\(profile)'"
    }?.value
  }

  private static func trimmed(_ text: Substring) -> String {
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    let start = text.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...last])
  }
}
