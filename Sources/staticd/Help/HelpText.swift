internal import StaticAssets

/// The text of `--help` and `-h`.
struct HelpText {
  /// The width of the text, in columns.
  private let width: Int

  /// - Parameter width: the columns of the terminal; 0 without one.
  init(width: Int) {
    self.width = width == 0 ? 80 : min(max(width, 60), 100)
  }

  /// The exit codes, in one sentence.
  static let exitCodes = """
    Exit codes: 0 done; 1 the input has problems, all of them listed, and nothing was published; \
    2 wrong use; 3 the system failed (disk, permission, address in use).
    """

  /// What the tool is, and its commands.
  var overview: String {
    var lines = ["Static files for web apps: collect them, serve them.", ""]
    lines += ["Usage: staticd COMMAND [OPTION ...]", "", "Commands:"]
    for command in CommandName.allCases {
      lines += entry("  \(command.rawValue)", command.description.abstract, column: 16)
    }
    lines += [""]
    lines += wrapped(
      "'staticd COMMAND --help' prints all options of a command, -h the most important."
    )
    lines += wrapped(Self.exitCodes)
    return lines.joined(separator: "\n")
  }

  /// The complete help of a command.
  func whole(_ command: CommandName) -> String {
    let description = command.description
    var lines = head(command)
    lines += ["", "Examples:"]
    for example in description.examples {
      lines += ["  \(example.line)", "      \(example.purpose)"]
    }
    for paragraph in description.discussion { lines += [""] + wrapped(paragraph) }
    if !description.words.isEmpty {
      let words = description.words.hasPrefix("-- ") ? "COMMAND" : description.words
      lines += ["", "Arguments:"] + entry("  \(words)", description.wordsHelp)
    }
    let options = OptionTable.options(of: command)
    for topic in OptionDefinition.Topic.allCases {
      let rows = options.filter { $0.topic == topic }
      guard !rows.isEmpty else { continue }
      lines += ["", "\(topic.rawValue):"]
      for option in rows { lines += entry("  \(option.synopsis)", option.wholeHelp) }
    }
    guard !options.isEmpty else { return lines.joined(separator: "\n") }
    lines += [""]
    lines += wrapped(
      """
      Every switch can be switched off: --no-link, --cors. Every option can stand in staticd.toml \
      ('max-age = 60') and in the environment (STATICD_MAX_AGE=60) too.
      """
    )
    return lines.joined(separator: "\n")
  }

  /// The most important options of a command.
  func short(_ command: CommandName) -> String {
    var lines = head(command)
    let options = OptionTable.options(of: command).filter(\.isBasic)
    if !options.isEmpty { lines += ["", "Options:"] }
    for option in options { lines += entry("  \(option.synopsis)", option.firstSentence) }
    lines += ["", "'staticd \(command.rawValue) --help' prints all options."]
    return lines.joined(separator: "\n")
  }

  private func head(_ command: CommandName) -> [String] {
    wrapped(command.description.abstract) + ["", "Usage: \(command.synopsis)"]
  }

  /// A name, and its description in a second column.
  private func entry(_ name: String, _ text: String, column: Int = 28) -> [String] {
    let indent = String(repeating: " ", count: column)
    var lines = TextWrap.lines(of: text, width: width - column).map { indent + $0 }
    if name.count + 2 <= column, let first = lines.first {
      lines[0] = name + first.dropFirst(name.count)
    } else {
      lines.insert(name, at: 0)
    }
    return lines
  }

  private func wrapped(_ text: String) -> [String] { TextWrap.lines(of: text, width: width) }
}

/// Wraps text at a width.
enum TextWrap {
  /// The words of `text`, as many per line as fit; a no-break space is a space that is not broken
  /// at.
  static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word.map { $0 == "\u{A0}" ? " " : $0 }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}

extension OptionDefinition {
  /// `-v, --verbose, --no-verbose` or `--root DIR`.
  var synopsis: String {
    let letter = letter.map { "-\($0), " } ?? ""
    guard let placeholder else {
      return "\(letter)--\(name.rawValue)" + (opposite.map { ", --\($0)" } ?? "")
    }
    let value = omitted == nil ? " \(placeholder)" : "[=\(placeholder)]"
    return "\(letter)--\(name.rawValue)\(value)"
  }

  /// The help with range, default value and environment variables.
  var wholeHelp: String {
    var notes: [String] = []
    if let standard = standard ?? otherwise { notes.append("default:\u{A0}\(standard)") }
    if case .number(let range, _) = kind {
      notes.append("\(range.lowerBound) to \(range.upperBound)")
    }
    if !variables.isEmpty { notes.append(variables.map { "$\($0.name)" }.joined(separator: ", ")) }
    return notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
  }

  /// The first sentence of the help, with its period.
  var summary: String {
    let end = help.firstRange(ofText: ". ").map { help.index(before: $0.upperBound) }
    return String(end.map { help[..<$0] } ?? help[...])
  }

  fileprivate var firstSentence: String {
    let sentence = summary
    return (standard ?? otherwise).map { "\(sentence) (default:\u{A0}\($0))" } ?? sentence
  }
}
