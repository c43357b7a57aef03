/// A command line, read by the table of options.
///
/// A value follows its option as the next word, or in the same word behind `=`. One that begins with
/// a hyphen has to stand behind `=`. Every switch may be written `--link`, `--no-link`, `--link=true`
/// and `--link=false`, one that begins with `no-` as `--no-cors`, `--cors` and `--no-cors=false`; of
/// several the last one counts. Letters may stand together: `-nv`.
struct GivenArguments {
  /// What the options say.
  private(set) var settings: Settings = [:]
  /// The words that are no options.
  private(set) var words: [String] = []
  /// The words behind `--`, for `run`: the app's command.
  private(set) var appCommand: [String] = []

  private let command: CommandName
  private let options: [OptionName: OptionDefinition]

  /// Reads what follows a command's name; throws for what cannot be read.
  init(_ arguments: ArraySlice<String>, of command: CommandName) throws {
    self.command = command
    options = OptionTable.named(of: command)
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "--" {
        if command == .run { appCommand = Array(rest) } else { words += rest }
        break
      }
      if argument.hasPrefix("--") {
        try read(long: argument, &rest)
      } else if argument.hasPrefix("-"), argument != "-" {
        try read(letters: argument, &rest)
      } else {
        try refuseMissingTerminator(argument)
        words.append(argument)
      }
    }
    if command == .collect, !words.isEmpty { try takeSources() }
  }

  /// Takes the words of `collect` for what `--source` says.
  private mutating func takeSources() throws {
    guard settings[.source] == nil else {
      throw CommandFailure(
        .usage,
        "'\(words[0])' and --source: name all directories in one of the two ways"
      )
    }
    settings[.source] = Setting(name: .source, value: .texts(words))
  }

  /// Throws for values that their options refuse, and for options and words that exclude each other.
  ///
  /// What is wrong with the command line alone is never another place's fault.
  func refuseMistakes() throws {
    try MergedArguments(command, settings, self).refuseWrongValues()
    if let count = command.wordsMax, words.count > count {
      throw CommandFailure(
        .usage,
        "Unexpected argument '\(words[count])'; see 'staticd \(command.rawValue) --help'"
      )
    }
    try OptionRules(command: command).refuseMistakes(settings)
  }

  private func refuseMissingTerminator(_ word: String) throws {
    guard command == .run else { return }
    throw CommandFailure(
      .usage,
      "'\(word)': put -- before the command: staticd run [OPTION ...] -- \(word) ..."
    )
  }

  private mutating func read(long argument: String, _ rest: inout ArraySlice<String>) throws {
    let end = argument.firstIndex(of: "=") ?? argument.endIndex
    let name = String(argument[..<end].dropFirst(2))
    let value = end == argument.endIndex ? nil : String(argument[argument.index(after: end)...])
    if let option = option(name) {
      guard option.isSwitch else { return try take(option, value, &rest) }
      return try turn(option, true, value, argument)
    }
    guard let option = option(OptionDefinition.opposite(of: name)), option.isSwitch else {
      throw unknown("--\(name)")
    }
    try turn(option, false, value, argument)
  }

  private mutating func read(letters argument: String, _ rest: inout ArraySlice<String>) throws {
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.values.first(where: { $0.letter == letter }) else {
        throw unknown("-\(letter)")
      }
      guard !option.isSwitch else {
        settings[option.name] = Setting(name: option.name, value: .isOn(true))
        continue
      }
      return try take(option, letters.isEmpty ? nil : String(letters), &rest)
    }
  }

  private func option(_ name: String) -> OptionDefinition? {
    OptionName(rawValue: name).flatMap { options[$0] }
  }

  private mutating func turn(
    _ option: OptionDefinition,
    _ isDirect: Bool,
    _ value: String?,
    _ argument: String
  ) throws {
    guard let isOn = SwitchText.isOn(value ?? "true") else {
      throw CommandFailure(.usage, "\(argument): a switch is true or false")
    }
    settings[option.name] = Setting(name: option.name, value: .isOn(isOn == isDirect))
  }

  /// Takes an option with its value, which may be the next argument.
  private mutating func take(
    _ option: OptionDefinition,
    _ value: String?,
    _ rest: inout ArraySlice<String>
  ) throws {
    var value = value
    if value == nil, let next = rest.first, !next.hasPrefix("-") || next == "-" {
      value = rest.popFirst()
    }
    guard let value = value ?? option.omitted else {
      let placeholder = option.placeholder ?? ""
      let hint =
        rest.first.map { "; write --\(option.name.rawValue)=\($0) if that is its value" } ?? ""
      throw CommandFailure(
        .usage,
        "Missing value for '--\(option.name.rawValue) \(placeholder)'\(hint)"
      )
    }
    let earlier = option.isRepeated ? settings[option.name]?.texts ?? [] : []
    settings[option.name] = Setting(name: option.name, value: .texts(earlier + [value]))
  }

  private func unknown(_ argument: String) -> CommandFailure {
    let names = Set(options.values.map { "--" + $0.name.rawValue })
    let nearest = names.nearest(to: argument)
    let hint =
      argument.hasPrefix("--") && argument.isNear(nearest)
      ? "did you mean '\(nearest)'?" : "see 'staticd \(command.rawValue) --help'"
    return CommandFailure(.usage, "Unknown option '\(argument)'; \(hint)")
  }
}
