/// One option: a row of the table from which the command line, the environment and the
/// configuration file are read, and help, manual and completions are written.
struct OptionDefinition: Sendable {
  /// The kind of its value.
  enum Kind: Sendable, Equatable {
    /// On or off, without a value.
    case isOn
    /// Any text, and its placeholder in help.
    case text(String)
    /// A file or directory, which completions offer, and its placeholder in help.
    case path(String)
    /// A comma-separated list, and its placeholder in help.
    case list(String)
    /// A whole number in a range, and its unit in help.
    case number(ClosedRange<Int>, String)
    case choice([String])
    /// The mode of a file: octal digits, or `umask`.
    case mode
  }

  /// The sections of help.
  enum Topic: String, Sendable, CaseIterable {
    case common = "Common options"
    case project = "Django project"
    case release = "Release"
    case references = "References"
    case compression = "Compression and cache"
    case responses = "Responses"
    case request = "Request"
    case app = "App"
    case queue = "Queue in front of the app"
    case proxy = "Behind a proxy"
    case log = "Access log"
    case operation = "Metrics and health"
    case limits = "Limits"
    case output = "Output"
  }

  /// Another environment variable for the option, such as Django's or WhiteNoise's name for it.
  struct Variable: Sendable {
    /// How its value is read.
    enum Reading: Sendable {
      case text
      /// Entries separated by colons, as in PATH.
      case paths
      /// A number in the notation of Python's settings: 420 or 0o644.
      case mode
      case isOn
      /// A switch that is on if the variable is false.
      case isOff
      /// A file name, or true for `index.html`.
      case indexName
    }

    let name: String
    let reading: Reading
  }

  let name: OptionName
  let kind: Kind
  let commands: [CommandName]
  let topic: Topic
  /// One or more sentences, without the default value.
  let help: String
  /// An example command line, without the program's name.
  ///
  /// The reference shows it, and `scripts/internal/check-commands` runs it.
  let example: String
  /// Its one-letter name.
  var letter: Character?
  /// Whether it may be given several times.
  var isRepeated = false
  /// Whether the short help lists it.
  var isBasic = false
  /// Its default value.
  var standard: String?
  /// The default in words, where no fixed value is the default.
  var otherwise: String?
  /// Its value when it is given without one.
  var omitted: String?
  /// Its other environment variables.
  var variables: [Variable] = []

  /// Whether it takes no value.
  var isSwitch: Bool { kind == .isOn }

  /// Whether its value is a comma-separated list.
  var isList: Bool {
    if case .list = kind { true } else { false }
  }

  /// The placeholder of its value in help; nil for a switch.
  var placeholder: String? {
    switch kind {
    case .isOn: nil
    case .text(let placeholder), .path(let placeholder), .list(let placeholder): placeholder
    case .number(_, let unit): unit
    case .choice(let choices): choices.joined(separator: "|")
    case .mode: "MODE"
    }
  }

  /// The long name that inverts a switch: `no-link` for `link`, `cors` for `no-cors`.
  ///
  /// Nil for an option with a value, and if another option has that name, as `--cache` does.
  var opposite: String? {
    let opposite = Self.opposite(of: name.rawValue)
    return isSwitch && OptionName(rawValue: opposite) == nil ? opposite : nil
  }

  /// The name of the switch that inverts `name`.
  static func opposite(of name: String) -> String {
    name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-" + name
  }

  /// Its own environment variable: `STATICD_MAX_AGE`.
  var variable: String { Self.variable(of: name.rawValue) }

  /// The variable of a flag's opposite, such as `STATICD_NO_LINK`; nil if it has none.
  var oppositeVariable: String? { opposite.map(Self.variable) }

  private static func variable(of name: String) -> String {
    "STATICD_" + name.uppercased().map { $0 == "-" ? "_" : $0 }
  }

  /// Why `text` is not a value of this kind; nil if it is.
  func refusal(of text: String) -> String? {
    switch kind {
    case .isOn, .text, .list: nil
    case .path(let placeholder):
      text.isEmpty ? "give a \(placeholder.hasSuffix("DIR") ? "directory" : "file")" : nil
    case .number(let range, _):
      Int(text).map(range.contains) == true
        ? nil : "give a number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let choices):
      choices.contains(text) ? nil : "give \(choices.listed)"
    case .mode:
      text == "umask" || ModeText.bits(octal: text) != nil
        ? nil : "give octal digits such as 644, or 'umask'"
    }
  }
}

extension [String] {
  /// `a, b or c`.
  fileprivate var listed: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + suffix(1).joined()
  }
}
