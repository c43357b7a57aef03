/// Parses a text of shell words.
///
/// Source: POSIX.1-2017, Shell Command Language, 2.2 (quoting), 2.3 (tokens), 2.6.2 (parameters).
struct ShellReader {
  private let characters: [Character]
  private var position = 0
  /// The value of a variable; nil if the text is not a script: then variables and operators are not
  /// special.
  private let variable: ((String) -> String?)?

  private var finished: [[String]] = []
  private var words: [String] = []
  /// The current word; nil between two words.
  private var word: String?
  /// Whether the next word is the file of a redirection.
  private var isRedirected = false

  init(_ text: String, variable: ((String) -> String?)?) {
    characters = Array(text)
    self.variable = variable
  }

  /// All commands; nil if a quote is not closed.
  mutating func commands() -> [[String]]? {
    while let character = next() {
      switch character {
      case "'": guard single() else { return nil }
      case "\"": guard double() else { return nil }
      case "\\": escape()
      case " ", "\t": endWord()
      case "\n", "\r\n": if variable == nil { endWord() } else { endCommand() }
      case ";", "&", "|", "(", ")": if variable == nil { add(character) } else { endCommand() }
      case "<", ">": if variable == nil { add(character) } else { redirect() }
      case "#" where variable != nil && word == nil: skipComment()
      case "$", "`": if variable == nil { add(character) } else { expandUnquoted(character) }
      default: add(character)
      }
    }
    endCommand()
    return finished
  }

  private mutating func next() -> Character? {
    guard position < characters.count else { return nil }
    defer { position += 1 }
    return characters[position]
  }

  private var peeked: Character? { position < characters.count ? characters[position] : nil }

  private mutating func add(_ character: Character) { word = (word ?? "") + String(character) }

  private mutating func add(_ text: String) { word = (word ?? "") + text }

  private mutating func endWord() {
    guard let ended = word else { return }
    if !isRedirected { words.append(ended) }
    isRedirected = false
    word = nil
  }

  private mutating func endCommand() {
    endWord()
    isRedirected = false
    finished.append(words)
    words = []
  }

  /// `2>`, `>>`, `>&`: the number before it and the word after it are not arguments.
  private mutating func redirect() {
    if let digits = word, digits.allSatisfy(\.isNumber) { word = nil }
    endWord()
    while let character = peeked, "<>&|".contains(character) { position += 1 }
    isRedirected = true
  }

  private mutating func skipComment() {
    while let character = peeked, !character.isNewline { position += 1 }
  }

  private mutating func single() -> Bool {
    add("")
    while let character = next() {
      if character == "'" { return true }
      add(character)
    }
    return false
  }

  private mutating func double() -> Bool {
    add("")
    while let character = next() {
      switch character {
      case "\"": return true
      case "\\":
        guard let escaped = next() else { return false }
        let isSpecial = "\"\\".contains(escaped) || variable != nil && "$`".contains(escaped)
        add(isSpecial ? String(escaped) : "\\\(escaped)")
      case "$", "`": if variable == nil { add(character) } else { add(expansion(character)) }
      default: add(character)
      }
    }
    return false
  }

  private mutating func escape() {
    guard let character = next() else { return }
    // In a script, a backslash joins two lines.
    if variable != nil, character.isNewline { return }
    add(character)
  }

  /// The value of an unquoted variable is split into words again.
  private mutating func expandUnquoted(_ character: Character) {
    let value = expansion(character)
    for character in value {
      if character.isWhitespace { endWord() } else { add(character) }
    }
  }

  /// The value of an expansion that begins with `$` or a backquote.
  private mutating func expansion(_ character: Character) -> String {
    guard character == "$" else { return substitution(until: "`") }
    switch peeked {
    case "(":
      position += 1
      return substitution(until: ")")
    case "{":
      position += 1
      let text = substituted(until: "}")
      return parameter(text)
    case let first? where first.isLetter || first == "_":
      var name = ""
      while let character = peeked, character.isLetter || character.isNumber || character == "_" {
        name.append(character)
        position += 1
      }
      return variable?(name) ?? ""
    case let first? where first.isNumber || "@*#?$!-".contains(first):
      position += 1
      return String(ShellWords.unknown)
    default: return "$"
    }
  }

  /// `NAME`, or `NAME:-VALUE` and similar forms.
  private func parameter(_ text: String) -> String {
    let name = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    let rest = text.dropFirst(name.count)
    let value = variable?(name)
    if rest.isEmpty { return value ?? "" }
    for form in [":-", ":=", "-", "="] where rest.hasPrefix(form) {
      let isUsed = value != nil && !(form.hasPrefix(":") && value == "")
      return isUsed ? value ?? "" : String(rest.dropFirst(form.count))
    }
    return String(ShellWords.unknown)
  }

  private mutating func substitution(until end: Character) -> String {
    _ = substituted(until: end)
    return String(ShellWords.unknown)
  }

  /// The text up to the matching end.
  private mutating func substituted(until end: Character) -> String {
    let start: Character? = end == ")" ? "(" : end == "}" ? "{" : nil
    var depth = 1
    var text = ""
    while let character = next() {
      if character == end { depth -= 1 } else if character == start { depth += 1 }
      if depth == 0 { break }
      text.append(character)
    }
    return text
  }
}
