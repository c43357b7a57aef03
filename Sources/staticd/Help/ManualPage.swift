/// A manual page in the format of man(7), section 1.
struct ManualPage {
  private var text = ""

  /// The page of a command; nil for the page of the tool.
  init(_ command: CommandName?) {
    guard let command else {
      addOverview()
      return
    }
    let description = command.description
    addTitle("staticd-\(command.rawValue)", description.abstract)
    addSection("SYNOPSIS")
    add(".B \(Self.escaped(command.synopsis))")
    addSection("DESCRIPTION")
    for paragraph in description.discussion { addParagraph(paragraph) }
    if !description.words.isEmpty {
      addSection("ARGUMENTS")
      addEntry(description.words, description.wordsHelp)
    }
    let options = OptionTable.options(of: command)
    if !options.isEmpty { addSection("OPTIONS") }
    for topic in OptionDefinition.Topic.allCases {
      let rows = options.filter { $0.topic == topic }
      if !rows.isEmpty { add(".SS \(Self.escaped(topic.rawValue))") }
      for option in rows { addEntry(option.synopsis, option.wholeHelp) }
    }
    addSection("EXAMPLES")
    for example in description.examples { addEntry(example.line, example.purpose) }
    if !options.isEmpty { addConfiguration() }
    addExitStatus()
  }

  /// The page, which ends with a line feed.
  var description: String { text }

  private mutating func addOverview() {
    addTitle("staticd", "static files for web apps")
    addSection("SYNOPSIS")
    add(".B staticd\n.I COMMAND\n[OPTION ...]")
    addSection("COMMANDS")
    for command in CommandName.allCases {
      addEntry(command.rawValue, command.description.abstract)
    }
    addConfiguration()
    addExitStatus()
    addSection("SEE ALSO")
    let pages = CommandName.allCases.map { ".BR \(Self.escaped("staticd-\($0.rawValue)")) (1)" }
    add(pages.joined(separator: ",\n"))
  }

  private mutating func addConfiguration() {
    addSection("CONFIGURATION")
    addParagraph(
      """
      Each option comes from the first of: the command line; the environment, STATICD_MAX_AGE for \
      --max-age; the environment under the names of Django and WhiteNoise; staticd.toml, or \
      [tool.staticd] of pyproject.toml; the settings of a Django project. Every switch can be \
      switched off on the command line, as --no-link or --link=false.
      """
    )
  }

  private mutating func addExitStatus() {
    addSection("EXIT STATUS")
    addEntry("0", "Done.")
    addEntry("1", "The input has problems. All of them are listed, and nothing was published.")
    addEntry("2", "Wrong use.")
    addEntry("3", "The system failed: disk, permission, address in use.")
  }

  private mutating func addTitle(_ name: String, _ abstract: String) {
    add(".TH \(Self.escaped(name.uppercased())) 1 \"\" \"staticd \(Version.text)\"")
    addSection("NAME")
    let abstract = abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
    add("\(Self.escaped(name)) \\- \(Self.escaped(abstract))")
  }

  private mutating func addSection(_ title: String) { add(".SH \(title)") }

  private mutating func addParagraph(_ paragraph: String) {
    add(".PP")
    add(Self.escaped(paragraph))
  }

  private mutating func addEntry(_ name: String, _ text: String) {
    add(".TP")
    add(".B \(Self.escaped(name))")
    add(Self.escaped(text))
  }

  private mutating func add(_ line: String) { text += line + "\n" }

  /// Text without special meaning to roff. groff_char(7)
  private static func escaped(_ text: String) -> String {
    var line = ""
    for character in text {
      switch character {
      case "\\": line += "\\(rs"
      case "-": line += "\\-"
      case "'": line += "\\(aq"
      case "\"": line += "\\(dq"
      case "~": line += "\\(ti"
      case "^": line += "\\(ha"
      case "`": line += "\\(ga"
      case "\u{A0}": line += " "
      default: line.append(character)
      }
    }
    // A line that begins with a dot would be a request.
    return line.hasPrefix(".") ? "\\&" + line : line
  }
}
