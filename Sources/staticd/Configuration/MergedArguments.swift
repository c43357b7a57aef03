/// The options of a command from all places, and the words of its command line.
///
/// Each option comes from the first of: the command line, `STATICD_…`, Django's names in the
/// environment, the file, the settings of a Django project.
struct MergedArguments {
  let command: CommandName
  /// The words of the command line that are no options.
  let words: [String]
  /// The app's command, for `run`.
  let appCommand: [String]
  private let settings: Settings
  private let definitions: [OptionName: OptionDefinition]

  /// - Parameters:
  ///   - settings: those that count.
  ///   - given: the command line; nil where there is none.
  init(_ command: CommandName, _ settings: Settings, _ given: GivenArguments? = nil) {
    self.command = command
    words = given?.words ?? []
    appCommand = given?.appCommand ?? []
    self.settings = settings
    definitions = OptionTable.named(of: command)
  }

  /// Whether a switch is on.
  func isOn(_ name: OptionName) -> Bool { settings[name]?.value == .isOn(true) }

  /// Whether an option has a value or is switched on, apart from its default.
  func isGiven(_ name: OptionName) -> Bool { settings[name]?.isActive == true }

  /// The value that counts, or the option's default; nil without either.
  func text(_ name: OptionName) -> String? {
    settings[name]?.texts.last ?? definitions[name]?.standard
  }

  /// What is said of an option; its default where nothing is, nil without one.
  func value(of name: OptionName) -> Setting.Value? {
    if let setting = settings[name], setting.isActive { return setting.value }
    return definitions[name]?.standard.map { .texts([$0]) }
  }

  /// All values of an option that may be repeated.
  func texts(_ name: OptionName) -> [String] { settings[name]?.texts ?? [] }

  /// The number that counts, or the option's default; nil without either.
  ///
  /// One that is out of range, which `refuseWrongValues` refuses, counts as not given.
  func number(_ name: OptionName) -> Int? {
    let definition = definitions[name]
    if let text = settings[name]?.texts.last, definition?.refusal(of: text) == nil {
      return Int(text)
    }
    return definition?.standard.flatMap { Int($0) }
  }

  /// One of several values, or the option's default; nil without either.
  func choice<Choice: RawRepresentable<String>>(_ name: OptionName) -> Choice? {
    let definition = definitions[name]
    return settings[name]?.texts.last.flatMap { Choice(rawValue: $0) }
      ?? definition?.standard.flatMap { Choice(rawValue: $0) }
  }

  /// The place of an option's values: `staticd.toml:3`, a variable or a setting; nil for the command
  /// line, and for one that is not given.
  func origin(of name: OptionName) -> String? { settings[name]?.origin }

  /// A value with its option and the place where it stands: `staticd.toml:3: --max-age 'x'`.
  func place(of name: OptionName, _ value: String? = nil) -> String {
    let origin = settings[name]?.origin.map { "\($0): " } ?? ""
    return "\(origin)--\(name.rawValue)" + (value.map { " '\($0)'" } ?? "")
  }

  /// The failure of a value, which is quoted, or of an option as such.
  func failure(
    _ name: OptionName,
    _ value: String? = nil,
    _ reason: String,
    _ status: ExitStatus = .usage
  ) -> CommandFailure {
    CommandFailure(status, "\(place(of: name, value)): \(reason)")
  }

  /// Throws for every value that the table of options refuses.
  func refuseWrongValues() throws {
    var mistakes = Mistakes()
    for name in OptionName.allCases {
      guard let setting = settings[name], let definition = definitions[name] else { continue }
      for text in setting.texts {
        guard let reason = definition.refusal(of: text) else { continue }
        if case .number = definition.kind, Int(text) != nil {
          mistakes.add("\(place(of: name)) \(text): \(reason)")
        } else {
          mistakes.add("\(place(of: name, text)): \(reason)")
        }
      }
    }
    try mistakes.refuse()
  }
}
