/// A page of the reference, in DocC's Markdown, written from the tables of commands and options.
///
/// `scripts/internal/write-reference` writes all of them to `staticd.docc/Reference`.
struct ReferencePage: Sendable {
  /// The name of its file without `.md`, which links use.
  let name: String
  private(set) var text = ""

  /// All pages.
  static var all: [ReferencePage] {
    [options, settings] + CommandName.allCases.map(ReferencePage.init)
  }

  /// The page of this name; throws if there is none.
  static func named(_ name: String) throws -> ReferencePage {
    guard let page = all.first(where: { $0.name == name }) else {
      throw CommandFailure(.usage, "there is no reference page '\(name)'")
    }
    return page
  }

  private init(name: String, title: String, abstract: String) {
    self.name = name
    add("# \(title)", "", abstract, "")
    add("<!-- Written by scripts/internal/write-reference from Sources/staticd/Options. -->", "")
    add("## Overview", "")
  }

  private mutating func add(_ lines: String...) {
    for line in lines { text += line + "\n" }
  }
}

// MARK: - Commands

extension ReferencePage {
  /// The page of a command.
  private init(_ command: CommandName) {
    let description = command.description
    self.init(
      name: "Command-\(command.rawValue)",
      title: "staticd \(command.rawValue)",
      abstract: Markdown.text(description.abstract)
    )
    add("```", command.synopsis, "```", "")
    if !description.wordsHelp.isEmpty { add(Markdown.text(description.wordsHelp), "") }
    for paragraph in description.discussion { add(Markdown.text(paragraph), "") }
    add("## Examples", "")
    for example in description.examples {
      add("- \(Markdown.text(example.purpose)):", "  ```sh", "  \(example.line)", "  ```")
    }
    addOptions(of: command)
    add("", "<doc:ExitCodes> lists its exit codes.")
  }

  private mutating func addOptions(of command: CommandName) {
    let options = OptionTable.options(of: command)
    guard !options.isEmpty else { return }
    add("", "## Options", "")
    for topic in OptionDefinition.Topic.allCases {
      let rows = options.filter { $0.topic == topic }
      guard !rows.isEmpty else { continue }
      add("### \(topic.rawValue)", "", "| option | | default |", "|---|---|---|")
      for row in rows {
        let standard = (row.standard ?? row.otherwise).map(Markdown.text) ?? ""
        let cells = ["<doc:Options#\(row.name.rawValue)>", Markdown.text(row.help), standard]
        add("| " + cells.map(Markdown.cell).joined(separator: " | ") + " |")
      }
      add("")
    }
    add("Every one of them can stand in a file or in the environment too: <doc:Settings>.")
  }
}

// MARK: - Options

extension ReferencePage {
  /// All options, by section of help.
  private static var options: ReferencePage {
    var page = ReferencePage(
      name: "Options",
      title: "All options",
      abstract: "What each option means, its values, its default, and a command line that uses it."
    )
    page.add(
      "A test runs every command line on this page. `serve` options are those of `run` and "
        + "`explain`, too, where nothing else is said.",
      ""
    )
    var seen: Set<OptionName> = []
    for topic in OptionDefinition.Topic.allCases {
      let names = OptionTable.rows.filter { $0.topic == topic }.map(\.name)
      let new = names.filter { seen.insert($0).inserted }
      guard !new.isEmpty else { continue }
      page.add("## \(topic.rawValue)", "")
      for name in new { page.addOption(name) }
    }
    return page
  }

  private mutating func addOption(_ name: OptionName) {
    add("### \(name.rawValue)", "")
    for row in OptionTable.rows where row.name == name {
      let commands = row.commands.map { "<doc:Command-\($0.rawValue)>" }.joined(separator: ", ")
      add("`\(row.synopsis)` of \(commands)", "")
      add(Markdown.text(row.help), "")
      for (term, text) in row.notes { add("- term \(term): \(text)") }
      add("", "```sh", "staticd \(row.example)", "```", "")
    }
  }
}

extension OptionDefinition {
  /// Notes on its values: a term and a text in Markdown.
  fileprivate var notes: [(String, String)] {
    var notes: [(String, String)] = []
    if let standard { notes.append(("Default", "`\(standard)`")) }
    if let otherwise { notes.append(("Default", Markdown.text(otherwise))) }
    if let omitted { notes.append(("Without a value", "`\(omitted)`")) }
    switch kind {
    case .number(let range, _):
      notes.append(("Values", "\(range.lowerBound) to \(range.upperBound)"))
    case .choice(let choices):
      notes.append(("Values", choices.map { "`\($0)`" }.joined(separator: ", ")))
    case .isOn:
      if let opposite { notes.append(("Off", "`--\(opposite)`")) }
    case .mode: notes.append(("Values", "octal digits, or `umask`"))
    case .list: notes.append(("Values", "several ones with commas between them"))
    case .text, .path: break
    }
    if isRepeated { notes.append(("Repeated", "yes")) }
    return notes
  }
}

// MARK: - Settings

extension ReferencePage {
  /// The options' names in files and in the environment.
  private static var settings: ReferencePage {
    var page = ReferencePage(
      name: "Settings",
      title: "Settings in files and in the environment",
      abstract: "The key of each option in staticd.toml, and its variables."
    )
    page.add(
      "<doc:Configuration> has the order of the places, and how values are written.",
      "",
      "| key | value | variable | also read from |",
      "|---|---|---|---|"
    )
    for (name, row) in OptionTable.configurable.sorted(by: { $0.key < $1.key }) {
      let cells = [
        "<doc:Options#\(name)>", row.valueName, "`\(row.variable)`",
        row.variables.map { "`\($0.name)`" }.joined(separator: ", "),
      ]
      page.add("| " + cells.map(Markdown.cell).joined(separator: " | ") + " |")
    }
    return page
  }
}

extension OptionDefinition {
  /// The kind of its value in a file.
  fileprivate var valueName: String {
    let name =
      switch kind {
      case .isOn: "true or false"
      case .number: "number"
      case .mode: "octal digits, or a number"
      case .list: "text with commas, or a list"
      case .choice(let choices): choices.joined(separator: ", ")
      case .text, .path: "text"
      }
    return isRepeated ? "\(name), or a list of it" : name
  }
}
