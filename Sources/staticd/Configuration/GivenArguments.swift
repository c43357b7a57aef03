internal import StaticAssets

/// A command line, parsed with the option table.
///
/// A value follows its option as the next word, or after `=` in the same word. A value that begins
/// with a hyphen must follow `=`. Every switch may be written `--link`, `--no-link`, `--link=true`
/// and `--link=false`, one that begins with `no-` as `--no-cors`, `--cors` and `--no-cors=false`;
/// the last one wins. Letters may be combined: `-nv`.
struct GivenArguments {
  /// The options' settings.
  private(set) var settings: Settings = [:]
  /// The positional arguments.
  private(set) var words: [String] = []
  /// The words after `--`, for `run`: the app's command.
  private(set) var appCommand: [String] = []

  /// Whether there is an unknown option: the word after it may be its value.
  private(set) var hasUnknownOptions = false

  private let command: CommandName
  private let options: [OptionName: OptionDefinition]
  /// The mistakes found while parsing.
  private var mistakes = Mistakes()

  /// Parses the words after a command's name; `refuseMistakes` throws the mistakes.
  init(_ arguments: ArraySlice<String>, of command: CommandName) {
    self.command = command
    options = OptionTable.named(of: command)
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "--" {
        if command == .run { appCommand = Array(rest) } else { words += rest }
        break
      }
      if argument.hasPrefix("--") {
        read(long: argument, &rest)
      } else if argument.hasPrefix("-"), argument != "-" {
        read(letters: argument, &rest)
      } else {
        words.append(argument)
        // The rest is the app's command line, without the `--` before it.
        if command == .run, !hasUnknownOptions { break }
      }
    }
    if command == .collect, !words.isEmpty { takeSources() }
  }

  /// Treats the positional arguments of `collect` as values of `--source`.
  private mutating func takeSources() {
    guard settings[.source] == nil else {
      // The word may be the value of an unknown option.
      if !hasUnknownOptions {
        mistakes.add("'\(words[0])' and --source: name all directories in one of the two ways")
      }
      return
    }
    settings[.source] = Setting(name: .source, value: .texts(words))
  }

  /// Throws for unknown options, refused values, and options and words that exclude each other, all
  /// at once.
  ///
  /// Mistakes on the command line are reported without regard to the other layers.
  func refuseMistakes() throws {
    var mistakes = self.mistakes
    try mistakes.reading { try MergedArguments(command, settings, self).refuseWrongValues() }
    if !hasUnknownOptions, let count = command.wordsMax, words.count > count {
      let word = words[count].withoutURLUser
      mistakes.add(
        command == .run
          ? "'\(word)': put -- before the command: staticd run [OPTION ...] -- \(word) ..."
          : "Unexpected argument '\(word)'; see 'staticd \(command.rawValue) --help'"
      )
    }
    try mistakes.reading { try OptionRules(command: command).refuseMistakes(settings) }
    try mistakes.refuse()
  }

  private mutating func read(long argument: String, _ rest: inout ArraySlice<String>) {
    let end = argument.firstIndex(of: "=") ?? argument.endIndex
    let name = String(argument[..<end].dropFirst(2))
    let value = end == argument.endIndex ? nil : String(argument[argument.index(after: end)...])
    if let option = option(name) {
      guard option.isSwitch else { return take(option, value, &rest) }
      return turn(option, true, value, argument)
    }
    if let option = option(OptionDefinition.opposite(of: name)), option.isSwitch {
      return turn(option, false, value, argument)
    }
    if value != nil, ["help", "version"].contains(name) {
      return mistakes.add("'--\(name)' takes no value")
    }
    refuse("--\(name)")
  }

  private mutating func read(letters argument: String, _ rest: inout ArraySlice<String>) {
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.values.first(where: { $0.letter == letter }) else {
        return refuse("-\(letter)")
      }
      guard !option.isSwitch else {
        settings[option.name] = Setting(name: option.name, value: .isOn(true))
        continue
      }
      return take(option, letters.isEmpty ? nil : String(letters), &rest)
    }
  }

  /// Whether a word with a leading hyphen is an option, or `--`.
  private func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("--") else {
      return options.values.contains { $0.letter == word.dropFirst().first }
    }
    let name = String(word.dropFirst(2).prefix { $0 != "=" })
    return name.isEmpty || option(name) != nil
      || option(OptionDefinition.opposite(of: name)) != nil
  }

  private func option(_ name: String) -> OptionDefinition? {
    OptionName(rawValue: name).flatMap { options[$0] }
  }

  private mutating func turn(
    _ option: OptionDefinition,
    _ isDirect: Bool,
    _ value: String?,
    _ argument: String
  ) {
    guard let isOn = SwitchText.isOn(value ?? "true") else {
      return mistakes.add("\(argument): a switch is true or false")
    }
    settings[option.name] = Setting(name: option.name, value: .isOn(isOn == isDirect))
  }

  /// Sets an option to its value, which may be the next word.
  private mutating func take(
    _ option: OptionDefinition,
    _ value: String?,
    _ rest: inout ArraySlice<String>
  ) {
    var value = value
    if value == nil, let next = rest.first, !next.hasPrefix("-") || next == "-" {
      value = rest.popFirst()
    }
    guard let value = value ?? option.omitted else {
      let placeholder = option.placeholder ?? ""
      let hint =
        rest.first.map { "; write --\(option.name.rawValue)=\($0) if that is its value" } ?? ""
      mistakes.add("Missing value for '--\(option.name.rawValue) \(placeholder)'\(hint)")
      // A word that is not an option is probably the value.
      if let next = rest.first, !isOption(next) { rest.removeFirst() }
      return
    }
    let earlier = option.isRepeated ? settings[option.name]?.texts ?? [] : []
    settings[option.name] = Setting(name: option.name, value: .texts(earlier + [value]))
  }

  private mutating func refuse(_ argument: String) {
    hasUnknownOptions = true
    let names = options.values.flatMap { [$0.name.rawValue] + ($0.opposite.map { [$0] } ?? []) }
    let meant = Set((names + ["help", "version"]).map { "--\($0)" }).meant(by: argument)
    let hint = meant.map { "did you mean \($0)?" } ?? "see 'staticd \(command.rawValue) --help'"
    mistakes.add("Unknown option '\(argument)'; \(hint)")
  }
}
