/// Plain text of help as Markdown for DocC.
enum Markdown {
  /// `text` with options and single-quoted text as code, and all other special characters escaped.
  static func text(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.first {
      let isWordStart = result.last.map { $0 == " " || $0 == "(" } ?? true
      if isWordStart, let (code, count) = code(at: rest) {
        result += "`\(code)`"
        rest = rest.dropFirst(count)
      } else {
        result += escaped(character)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// `text` as a cell of a table.
  static func cell(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// The code at the beginning of `text`, and its length in characters; nil for none.
  private static func code(at text: Substring) -> (code: Substring, count: Int)? {
    if text.hasPrefix("'") {
      let quoted = text.dropFirst().prefix { $0 != "'" }
      let after = text.dropFirst(quoted.count + 2).first
      let isClosed = text.dropFirst(quoted.count + 1).hasPrefix("'")
      guard isClosed, !quoted.isEmpty, after.map({ !$0.isLetter }) ?? true else { return nil }
      return (quoted, quoted.count + 2)
    }
    var word = text.prefix { $0 != " " }
    while let last = word.last, ".,;:)".contains(last) { word = word.dropLast() }
    let isCode =
      word.hasPrefix("--") || word.contains { "*_$[/=".contains($0) }
      || word.contains(":") && word.contains { $0.isUppercase }
    return isCode && !word.isEmpty ? (word, word.count) : nil
  }

  private static func escaped(_ character: Character) -> String {
    switch character {
    case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "|": "\\\(character)"
    case "\u{A0}": " "
    default: String(character)
    }
  }
}
