/// A shell pattern: `*`, `?`, `[abc]`, `[!abc]`; `*` and `?` also match slashes.
///
/// Source: Python's `fnmatch.fnmatchcase`.
package struct Glob: Sendable {
  private enum Part: Equatable, Sendable {
    case any
    case one
    case literal(UInt32)
    case set([ClosedRange<UInt32>], negated: Bool)
  }

  private let parts: [Part]

  /// Parses a pattern; a bracket that is not closed is a literal character.
  package init(_ pattern: [UInt8]) {
    let characters = PythonCharacters.of(pattern)
    var parts: [Part] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      index += 1
      switch Unicode.Scalar(character) {
      case "*":
        if parts.last != .any { parts.append(.any) }
      case "?":
        parts.append(.one)
      case "[":
        if let (set, end) = Self.set(characters, index) {
          parts.append(set)
          index = end
        } else {
          parts.append(.literal(character))
        }
      default:
        parts.append(.literal(character))
      }
    }
    self.parts = parts
  }

  /// Whether the pattern matches the whole of `name`.
  package func matches(_ name: BytePath) -> Bool {
    matches(PythonCharacters.of(name.bytes))
  }

  /// Whether the pattern matches the whole of a name with these `PythonCharacters`.
  package func matches(_ characters: [UInt32]) -> Bool {
    var part = 0
    var index = 0
    // Backtracking: when the parts after the last `*` do not match, `*` matches one more character.
    var retry: (part: Int, index: Int)?
    while true {
      if part < parts.count, parts[part] == .any {
        retry = (part + 1, index)
        part += 1
      } else if part == parts.count, index == characters.count {
        return true
      } else if part < parts.count, index < characters.count, fits(parts[part], characters[index]) {
        part += 1
        index += 1
      } else if let (retryPart, retryIndex) = retry, retryIndex < characters.count {
        retry = (retryPart, retryIndex + 1)
        part = retryPart
        index = retryIndex + 1
      } else {
        return false
      }
    }
  }

  private func fits(_ part: Part, _ character: UInt32) -> Bool {
    switch part {
    case .any: false
    case .one: true
    case .literal(let literal): literal == character
    case .set(let ranges, let negated):
      ranges.contains { $0.contains(character) } != negated
    }
  }

  /// The set whose bracket opens before `start`, and the index after its closing bracket.
  private static func set(_ pattern: [UInt32], _ start: Int) -> (Part, Int)? {
    let exclamation = UInt32(UInt8(ascii: "!"))
    let closing = UInt32(UInt8(ascii: "]"))
    var end = start
    if end < pattern.count, pattern[end] == exclamation { end += 1 }
    // A closing bracket in the first position is a literal character.
    if end < pattern.count, pattern[end] == closing { end += 1 }
    while end < pattern.count, pattern[end] != closing { end += 1 }
    guard end < pattern.count else { return nil }
    let negated = pattern[start] == exclamation
    let members = pattern[(negated ? start + 1 : start)..<end]
    return (.set(ranges(Array(members)), negated: negated), end + 1)
  }

  /// The characters and ranges of a set; a range in descending order is empty.
  private static func ranges(_ members: [UInt32]) -> [ClosedRange<UInt32>] {
    let hyphen = UInt32(UInt8(ascii: "-"))
    var ranges: [ClosedRange<UInt32>] = []
    var index = 0
    while index < members.count {
      if index + 2 < members.count, members[index + 1] == hyphen {
        if members[index] <= members[index + 2] {
          ranges.append(members[index]...members[index + 2])
        }
        index += 3
      } else {
        ranges.append(members[index]...members[index])
        index += 1
      }
    }
    return ranges
  }
}
