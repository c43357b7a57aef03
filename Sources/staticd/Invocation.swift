internal import CLinux

/// The action that a command line selects.
enum Invocation {
  case version
  case overview
  /// Prints a page of the reference documentation; nil lists the pages.
  case reference(String?)
  case help(CommandName, isShort: Bool)
  case command(CommandName, ArraySlice<String>)

  /// Parses the words after the program's name; throws for an unknown command.
  init(_ words: [String]) throws {
    guard let first = words.first else {
      self = .overview
      return
    }
    switch first {
    case "--version", "-V": self = .version
    case "--help", "-h": self = .overview
    case "--reference": self = .reference(words.dropFirst().first)
    case "help":
      let name = words.dropFirst().first { !$0.hasPrefix("-") && $0 != "help" }
      self = try name.map { .help(try CommandName(argument: $0), isShort: false) } ?? .overview
    default:
      if first.hasPrefix("-") { throw Self.refusal(of: first) }
      let command = try CommandName(argument: first)
      let rest = words.dropFirst()
      // The words after `--` are the app's command.
      let own = rest.prefix { $0 != "--" }
      if own.contains("--version") {
        self = .version
      } else if own.contains("--help") {
        self = .help(command, isShort: false)
      } else if own.contains(where: { Self.asksForHelp($0, command) }) {
        self = .help(command, isShort: true)
      } else {
        self = .command(command, rest)
      }
    }
  }

  /// The failure of an option where a command is expected.
  private static func refusal(of argument: String) -> CommandFailure {
    let name = String(argument.prefix { $0 != "=" })
    let names: Set<String> = ["--help", "--version"]
    guard name == argument || !names.contains(name) else {
      return CommandFailure(.usage, "'\(name)' takes no value")
    }
    let hint =
      names.meant(by: name).map { "did you mean \($0)?" }
      ?? "a command comes first, see 'staticd --help'"
    return CommandFailure(.usage, "Unknown option '\(name)'; \(hint)")
  }

  /// Whether `-h` is among combined letters such as `-nh`, rather than in the value of another
  /// letter.
  private static func asksForHelp(_ word: String, _ command: CommandName) -> Bool {
    guard word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("h") else { return false }
    let switches = OptionTable.named(of: command).values.filter(\.isSwitch).compactMap(\.letter)
    return word.dropFirst().first { !switches.contains($0) } == "h"
  }

  /// Prints version, help or reference; returns the command if there is one to run.
  func command() throws -> (any Command)? {
    let help = HelpText(width: Int(clinux_terminal_width(1)))
    switch self {
    case .version: Console.print(Version.text)
    case .overview: Console.print(help.overview)
    case .reference(let name?): Console.print(bytes: Array(try ReferencePage.named(name).text.utf8))
    case .reference(nil): for page in ReferencePage.all { Console.print(page.name) }
    case .help(let command, let isShort):
      Console.print(isShort ? help.short(command) : help.whole(command))
    case .command(let name, let words):
      if name == .serve || name == .run { ProcessSignals.holdWhileStarting() }
      return try Self.command(name, words, ProjectAnswers())
    }
    return nil
  }

  /// Reads the options of this process's command again, from all layers.
  static func readAgain() throws -> MergedArguments {
    guard
      case .command(let name, let words) = try Invocation(RawArguments.texts())
    else { preconditionFailure("only a command is read again") }
    return try arguments(name, words, ProjectAnswers())
  }

  /// The command with its options from all layers.
  private static func command(
    _ name: CommandName,
    _ words: ArraySlice<String>,
    _ projects: ProjectAnswers
  ) throws -> any Command {
    let command = name.type.init(try arguments(name, words, projects), projects)
    // The serving commands check their options when they run.
    if !name.isServing { try command.check() }
    return command
  }

  /// The options of a command from all layers.
  private static func arguments(
    _ name: CommandName,
    _ words: ArraySlice<String>,
    _ projects: ProjectAnswers
  ) throws -> MergedArguments {
    let given = GivenArguments(words, of: name)
    var mistakes = Mistakes()
    try mistakes.reading { try given.refuseMistakes() }
    // An unknown option may change the meaning of the words after it.
    if given.hasUnknownOptions || !name.isConfigurable { try mistakes.refuse() }
    guard name.isConfigurable else {
      return MergedArguments(name, given.settings, given)
    }
    let file = given.settings[.config]?.texts.last
    guard let layers = try mistakes.reading({ try ConfigurationLayers(file: file) }) else {
      throw mistakes.failure
    }
    if name == .check, mistakes.isEmpty {
      // `check` reports the mistakes in the settings of all commands.
      try ConfigurationCheck(given: given.settings, layers: layers, projects: projects).run()
    } else {
      for line in layers.problems { mistakes.add(line) }
    }
    let settings = layers.settings(with: given.settings, of: name)
    let arguments = MergedArguments(name, settings, given)
    try mistakes.reading { try arguments.refuseWrongValues() }
    if !mistakes.isEmpty, !name.isServing {
      try mistakes.reading { try name.type.init(arguments, projects).check() }
    }
    try mistakes.refuse()
    let complete = try layers.complete(settings, given.settings, of: name, projects)
    let merged = MergedArguments(name, complete, given)
    try merged.refuseWrongValues()
    return merged
  }
}
