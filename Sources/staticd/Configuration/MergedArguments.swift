internal import StaticAssets

/// The options of a command from all layers, and its positional arguments.
///
/// Each option comes from the first of: the command line, `STATICD_…`, Django's names in the
/// environment, the file, the settings of a Django project.
struct MergedArguments {
  let command: CommandName
  /// The positional arguments.
  let words: [String]
  /// The app's command, for `run`.
  let appCommand: [String]
  private let settings: Settings
  private let definitions: [OptionName: OptionDefinition]

  /// - Parameters:
  ///   - settings: the merged settings of all layers.
  ///   - given: the command line; nil if there is none.
  init(_ command: CommandName, _ settings: Settings, _ given: GivenArguments? = nil) {
    self.command = command
    words = given?.words ?? []
    appCommand = given?.appCommand ?? []
    self.settings = settings
    definitions = OptionTable.named(of: command)
  }

  /// Whether a switch is on.
  func isOn(_ name: OptionName) -> Bool { settings[name]?.value == .isOn(true) }

  /// Whether an option has a value or is on, apart from its default.
  func isGiven(_ name: OptionName) -> Bool { settings[name]?.isActive == true }

  /// The option's value or its default; nil without either.
  func text(_ name: OptionName) -> String? {
    settings[name]?.texts.last ?? definitions[name]?.standard
  }

  /// The option's setting or its default; nil without either.
  func value(of name: OptionName) -> Setting.Value? {
    if let setting = settings[name], setting.isActive { return setting.value }
    return definitions[name]?.standard.map { .texts([$0]) }
  }

  /// All values of a repeatable option.
  func texts(_ name: OptionName) -> [String] { settings[name]?.texts ?? [] }

  /// The option's number or its default; nil without either.
  ///
  /// A number out of range, which `refuseWrongValues` refuses, is treated as missing.
  func number(_ name: OptionName) -> Int? {
    let definition = definitions[name]
    if let text = settings[name]?.texts.last, definition?.refusal(of: text) == nil {
      return Int(text)
    }
    return definition?.standard.flatMap { Int($0) }
  }

  /// The option's choice or its default; nil without either.
  func choice<Choice: RawRepresentable<String>>(_ name: OptionName) -> Choice? {
    let definition = definitions[name]
    return settings[name]?.texts.last.flatMap { Choice(rawValue: $0) }
      ?? definition?.standard.flatMap { Choice(rawValue: $0) }
  }

  /// The origin of an option's value: `staticd.toml:3`, a variable or a setting of Django; nil for
  /// the command line, and if the option is not given.
  func origin(of name: OptionName) -> String? { settings[name]?.origin }

  /// An option and value with their origin: `staticd.toml:3: --max-age 'x'`.
  func place(of name: OptionName, _ value: String? = nil) -> String {
    let origin = settings[name]?.origin.map { "\($0): " } ?? ""
    return "\(origin)--\(name.rawValue)" + (value.map { " '\($0.withoutURLUser)'" } ?? "")
  }

  /// Options that are given together, each with its origin.
  func places(of names: [OptionName]) -> String {
    names.map { place(of: $0) }.joined(separator: " and ")
  }

  /// The failure of an option, or of its value, which is quoted.
  func failure(
    _ name: OptionName,
    _ value: String? = nil,
    _ reason: String,
    _ status: ExitStatus = .usage
  ) -> CommandFailure {
    CommandFailure(status, "\(place(of: name, value)): \(reason)")
  }

  /// Throws for every value that its option's definition refuses.
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
