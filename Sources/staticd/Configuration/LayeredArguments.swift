internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// A command line with what the environment and the configuration file add to it.
///
/// Each option comes from the first of: the command line, `STATICD_…`, Django's names in the
/// environment, the file, the settings of a Django project.
struct LayeredArguments {
  /// The command's name and what was typed behind it, in the parser's spelling.
  private let typed: [String]
  /// The names of the options that were typed.
  private let typedNames: Set<String>
  /// The options that were added.
  private(set) var added: [ConfiguredOption]
  /// The command that was typed, parsed without what was added; nil if nobody has parsed it.
  private var typedCommand: (any ParsableCommand)?

  /// What the parser is given.
  var arguments: [String] { typed.prefix(1) + added.flatMap(\.arguments) + typed.dropFirst() }

  /// The command line alone.
  init(_ given: [String]) {
    self.init(given, [])
  }

  private init(_ typed: [String], _ typedNames: Set<String>) {
    self.typed = typed
    self.typedNames = typedNames
    added = []
  }

  /// Adds what is set elsewhere for the command of `given`.
  ///
  /// - Parameter layers: what is set elsewhere; nil to read it, and to refuse what is wrong with it.
  /// - Throws: a `CommandFailure` for each setting that is wrong, of other commands too; the parser's
  ///   error for what is wrong with the command line itself.
  init(
    adding settings: OptionCatalogue,
    to arguments: [String],
    layers: ConfigurationLayers? = nil
  ) throws {
    try settings.refuseUnknownCommand(arguments)
    guard let command = arguments.first, command != "help",
      let options = settings.options(of: command)
    else {
      self.init(arguments)
      return
    }
    var own = try GivenArguments(arguments.dropFirst(), options)
    guard !own.asksForHelp else {
      self.init(arguments)
      return
    }
    let rules = OptionRules(command: command)
    if command == CollectCommand.configuration.commandName, own.hasPositional {
      own.implied.insert("source")
    }
    try RunCommand.refuseMissingTerminator(command, own)
    self.init([command] + own.arguments, own.names)
    let path = own.values["config"]
    // `check` tells what is wrong with all of them itself.
    let isCheck = command == CheckCommand.configuration.commandName
    let layers =
      try layers
      ?? (isCheck
        ? ConfigurationLayers(path, settings) : ConfigurationLayers(reading: path, settings))
    // What the parser says of the command line alone is never another place's fault.
    typedCommand = try Staticd.parseAsRoot(typed)
    try rules.refuseMistakes(own)
    added = layers.options(besides: own, rules, of: options)
    if let question = ServingQuestion(own, added, options) { added += try question.ask() }
  }

  /// The command with its options.
  ///
  /// Parsing is most of a command's start, so a line to which nothing is added is parsed once.
  func command() throws -> any ParsableCommand {
    if added.isEmpty, let typedCommand { return typedCommand }
    return try Staticd.parseAsRoot(arguments)
  }

  /// An error's text, behind the place of the option that it is about if that was not on the command
  /// line.
  func located(_ line: String) -> String {
    culprit(of: line).map { "\($0.origin): \(line)" } ?? line
  }

  /// The added option that `line` is about: it names that first of all that are given.
  func culprit(of line: String) -> ConfiguredOption? {
    for name in line.optionNames {
      guard !typedNames.contains(name) else { return nil }
      if let option = added.first(where: { $0.name == name }) { return option }
    }
    return nil
  }

  /// Leaves out an added option, or the one of its values that `line` quotes.
  ///
  /// Returns whether none of it is left.
  mutating func remove(_ option: ConfiguredOption, quotedIn line: String) -> Bool {
    guard let index = added.firstIndex(of: option) else { return true }
    added.remove(at: index)
    guard case .texts(let texts) = option.value, texts.count > 1,
      let quoted = texts.firstIndex(where: { line.quotes($0) })
    else { return true }
    var rest = texts
    rest.remove(at: quoted)
    let remaining = ConfiguredOption(
      name: option.name,
      value: .texts(rest),
      origin: option.origin
    )
    added.insert(remaining, at: index)
    return false
  }
}

extension String {
  /// The options that it names, such as `--max-age`, without hyphens, in its order.
  var optionNames: [String] {
    split { !($0.isLetter || $0.isNumber || $0 == "-") }.filter { $0.hasPrefix("--") }.map {
      String($0.dropFirst(2))
    }
  }

  /// Whether it quotes `value`, or the file of `STATUS=FILE` and the directory of `URL=DIR`.
  fileprivate func quotes(_ value: String) -> Bool {
    let file = value.firstIndex(of: "=").map { String(value[value.index(after: $0)...]) }
    return contains("'\(value)'") || file.map { !$0.isEmpty && contains("'\($0)'") } ?? false
  }
}
