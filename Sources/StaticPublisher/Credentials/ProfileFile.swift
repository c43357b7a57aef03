/// A file of profiles, such as `~/.aws/credentials` and `~/.aws/config`.
///
/// Read as botocore does, whose reader is Python's `RawConfigParser`: names of keys in lower case,
/// `=` or `:` between key and value, comments on lines of their own, deeper lines belong to the value
/// before.
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
      // More of the value before; none of ours goes on.
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

  /// The keys of a profile in `credentials`; nil when there is none.
  func credentials(of profile: String) -> [String: String]? { sections[profile] }

  /// The keys of a profile in `config`, where all but the default have `profile` before their names;
  /// nil when there is none.
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
