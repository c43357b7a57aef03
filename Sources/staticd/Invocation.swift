internal import CLinux

/// What a command line asks for.
enum Invocation {
  case version
  case overview
  /// A page of the reference, which is part of the documentation; their names for nil.
  case reference(String?)
  case help(CommandName, isShort: Bool)
  case command(CommandName, ArraySlice<String>)

  /// Reads the words behind the program's name; throws for a command that does not exist.
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
      // What stands behind '--' is not ours to read.
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

  /// The failure of an option in the place of a command.
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

  /// Whether a word has the letter of `-h` among letters that stand together, as `-nh`, and not in the
  /// value of one of them.
  private static func asksForHelp(_ word: String, _ command: CommandName) -> Bool {
    guard word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("h") else { return false }
    let switches = OptionTable.named(of: command).values.filter(\.isSwitch).compactMap(\.letter)
    return word.dropFirst().first { !switches.contains($0) } == "h"
  }

  /// Prints what is asked for; the command to run where that is one.
  func command() throws -> (any Command)? {
    let help = HelpText(width: Int(clinux_terminal_width(1)))
    switch self {
    case .version: Console.print(Version.text)
    case .overview: Console.print(help.overview)
    case .reference(let name?): Console.print(bytes: Array(try ReferencePage.named(name).text.utf8))
    case .reference(nil): for page in ReferencePage.all { Console.print(page.name) }
    case .help(let command, let isShort):
      Console.print(isShort ? help.short(command) : help.whole(command))
    case .command(let name, let words): return try Self.command(name, words, ProjectAnswers())
    }
    return nil
  }

  /// The options of the command that this process runs, read again from all places.
  static func readAgain() throws -> MergedArguments {
    guard
      case .command(let name, let words) = try Invocation(RawArguments.texts())
    else { preconditionFailure("only a command is read again") }
    return try arguments(name, words, ProjectAnswers())
  }

  /// The command with its options from all places.
  private static func command(
    _ name: CommandName,
    _ words: ArraySlice<String>,
    _ projects: ProjectAnswers
  ) throws -> any Command {
    let command = name.type.init(try arguments(name, words, projects), projects)
    // A server judges its options itself, with what it needs for them.
    if !name.isServing { try command.check() }
    return command
  }

  /// The options of a command from all places.
  private static func arguments(
    _ name: CommandName,
    _ words: ArraySlice<String>,
    _ projects: ProjectAnswers
  ) throws -> MergedArguments {
    let given = GivenArguments(words, of: name)
    var mistakes = Mistakes()
    try mistakes.reading { try given.refuseMistakes() }
    // A word that is not understood may change what all others mean.
    if given.hasUnknownOptions || !name.isConfigurable { try mistakes.refuse() }
    guard name.isConfigurable else {
      return MergedArguments(name, given.settings, given)
    }
    let file = given.settings[.config]?.texts.last
    guard let layers = try mistakes.reading({ try ConfigurationLayers(file: file) }) else {
      throw mistakes.failure
    }
    if name == .check, mistakes.isEmpty {
      // It tells what is wrong with the settings of all commands.
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
