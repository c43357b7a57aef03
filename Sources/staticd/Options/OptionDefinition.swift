/// All that is known of one option: the row of the table from which the command line, the
/// environment and the configuration file are read, and help, manual and completions are written.
struct OptionDefinition: Sendable {
  /// What values it has.
  enum Kind: Sendable, Equatable {
    /// On or off, without a value.
    case isOn
    /// Any text; what stands for it in help.
    case text(String)
    /// A file or a directory, which completions offer; what stands for it in help.
    case path(String)
    /// Several values with commas between them.
    case list(String)
    /// A whole number, and its unit in help.
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

  /// A variable of the environment under Django's or WhiteNoise's name.
  struct Variable: Sendable {
    /// How its value is read.
    enum Reading: Sendable {
      case text
      /// Entries with colons between them, as in PATH.
      case paths
      /// A number, as Python's settings have it: 420 or 0o644.
      case mode
      case isOn
      /// A switch that is on where the variable is off.
      case isOff
      /// A name, or true for `index.html`.
      case indexName
    }

    let name: String
    let reading: Reading
  }

  let name: OptionName
  let kind: Kind
  let commands: [CommandName]
  let topic: Topic
  /// One sentence or more, without the default value.
  let help: String
  /// A command line that uses it, without the program's name.
  ///
  /// The reference shows it, and `scripts/internal/check-commands` runs it.
  let example: String
  /// The letter that stands for it.
  var letter: Character?
  /// Whether it may be given several times.
  var isRepeated = false
  /// Whether the short help has it.
  var isBasic = false
  /// Its value when nothing is given.
  var standard: String?
  /// In words what counts when nothing is given and there is no such value.
  var otherwise: String?
  /// Its value when it is given without one.
  var omitted: String?
  /// Its other names in the environment.
  var variables: [Variable] = []

  /// Whether it takes no value.
  var isSwitch: Bool { kind == .isOn }

  /// Whether its value is several ones with commas between them.
  var isList: Bool {
    if case .list = kind { true } else { false }
  }

  /// What stands for its value in help; nil for a switch.
  var placeholder: String? {
    switch kind {
    case .isOn: nil
    case .text(let placeholder), .path(let placeholder), .list(let placeholder): placeholder
    case .number(_, let unit): unit
    case .choice(let choices): choices.joined(separator: "|")
    case .mode: "MODE"
    }
  }

  /// The long name that switches a switch off: `no-link`, or `cors` for `no-cors`; nil where an option
  /// with a value has it, as `--cache`.
  var opposite: String? {
    let opposite = Self.opposite(of: name.rawValue)
    return isSwitch && OptionName(rawValue: opposite) == nil ? opposite : nil
  }

  /// The name that switches off what `name` switches on.
  static func opposite(of name: String) -> String {
    name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-" + name
  }

  /// Its own variable in the environment: `STATICD_MAX_AGE`.
  var variable: String {
    "STATICD_" + name.rawValue.uppercased().map { $0 == "-" ? "_" : $0 }
  }

  /// Why `text` cannot be a value; nil if it can, as far as the kind tells.
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
