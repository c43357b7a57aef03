/// What is given on a command line, as far as other settings depend on it.
struct GivenArguments {
  /// The long names of the options, also of switches that are switched off.
  private(set) var names: Set<String> = []
  /// The options among them that have a value or are switched on.
  var active: Set<String> {
    names.subtracting(switches.filter { !$0.value }.keys).union(implied)
  }
  /// Whether there is an argument that is no option.
  var hasPositional: Bool { positional != nil }
  /// The first argument that is no option.
  private(set) var positional: String?
  /// Whether an unknown option stands before that.
  private(set) var hasUnknownFirst = false
  /// The last values of options that have one.
  private(set) var values: [String: String] = [:]
  /// Whether help or the version is all that is wanted.
  private(set) var asksForHelp = false
  /// The options that arguments without a name stand for.
  var implied: Set<String> = []

  private let options: [OptionCatalogue.Option]
  /// The last state of each switch.
  private var switches: [String: Bool] = [:]
  private var words: [Word] = []

  /// A word for the parser.
  private struct Word {
    let text: String
    /// The switch that it is.
    var option: String?
  }

  /// The same command line in the parser's spelling: switches that are off are left out.
  var arguments: [String] {
    words.filter { word in word.option.map { switches[$0] == true } ?? true }.map(\.text)
  }

  /// Reads what follows a command's name.
  ///
  /// Every switch may be written `--link`, `--no-link`, `--link=true` and `--link=false`, one that
  /// begins with `no-` as `--no-cors`, `--cors`, `--no-cors=false`; the last one counts.
  ///
  /// Throws: for a switch with another value.
  init(_ arguments: ArraySlice<String>, _ options: [OptionCatalogue.Option]) throws {
    self.options = options
    var rest = arguments
    while let argument = rest.popFirst() {
      guard argument != "--" else {
        words += ([argument] + rest).map { Word(text: $0) }
        return
      }
      guard argument.hasPrefix("-"), argument.count > 1 else {
        positional = positional ?? argument
        words.append(Word(text: argument))
        continue
      }
      if ["--help", "-h", "--version"].contains(argument) { asksForHelp = true }
      if argument.hasPrefix("--") {
        try read(long: argument, &rest)
      } else {
        read(letters: argument, &rest)
      }
    }
  }

  private mutating func read(long argument: String, _ rest: inout ArraySlice<String>) throws {
    let parts = argument.dropFirst(2).split(
      separator: "=",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let (name, value) = (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    if let option = options.first(where: { $0.name == name }), !option.isSwitch {
      return take(option, value, argument, &rest)
    }
    guard let (option, isDirect) = switchOption(name) else {
      hasUnknownFirst = hasUnknownFirst || !hasPositional
      words.append(Word(text: argument))
      return
    }
    guard let isOn = SwitchText.isOn(value ?? "true") else {
      throw CommandFailure(.usage, "\(argument): a switch is true or false")
    }
    turn(option, isOn == isDirect)
  }

  private mutating func read(letters argument: String, _ rest: inout ArraySlice<String>) {
    let known = argument.dropFirst().compactMap { letter in
      options.first { $0.letters.contains(letter) }
    }
    if known.count == argument.count - 1, known.allSatisfy(\.isSwitch) {
      for option in known { turn(option, true) }
    } else if let option = known.first, !option.isSwitch {
      let value = argument.dropFirst(2)
      take(option, value.isEmpty ? nil : String(value), argument, &rest)
    } else {
      hasUnknownFirst = hasUnknownFirst || !hasPositional
      words.append(Word(text: argument))
    }
  }

  /// The switch that `name` is, or switches off.
  private func switchOption(_ name: String) -> (OptionCatalogue.Option, isDirect: Bool)? {
    if let option = options.first(where: { $0.isSwitch && $0.name == name }) {
      return (option, true)
    }
    let opposite = name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-" + name
    guard !["help", "version"].contains(opposite) else { return nil }
    return options.first { $0.isSwitch && $0.name == opposite }.map { ($0, false) }
  }

  private mutating func turn(_ option: OptionCatalogue.Option, _ isOn: Bool) {
    names.insert(option.name)
    guard !["help", "version"].contains(option.name) else {
      words.append(Word(text: "--\(option.name)"))
      return
    }
    switches[option.name] = isOn
    words.append(Word(text: "--\(option.name)", option: option.name))
  }

  /// Takes an option with its value, which may be the next argument.
  private mutating func take(
    _ option: OptionCatalogue.Option,
    _ value: String?,
    _ argument: String,
    _ rest: inout ArraySlice<String>
  ) {
    names.insert(option.name)
    var value = value
    // A value that begins with a hyphen has to stand behind '='.
    if value == nil, let next = rest.first, !next.hasPrefix("-") || next == "-" {
      value = rest.popFirst()
    } else if value == nil {
      value = Self.omittedValues[option.name]
    }
    guard let value else {
      // The parser says what is missing; the next word must not become the value.
      words.append(Word(text: argument))
      words += rest.map { Word(text: $0) }
      rest = []
      return
    }
    values[option.name] = value
    // The parser takes `--django=` for `--django`.
    let separate = ["--\(option.name)", ""]
    words += (value.isEmpty ? separate : ["--\(option.name)=\(value)"]).map { Word(text: $0) }
  }

  /// The values of options that may be given without one.
  private static let omittedValues = ["django": "."]
}
