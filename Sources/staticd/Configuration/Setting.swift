/// What one place says about an option.
struct Setting: Equatable {
  enum Value: Equatable {
    case isOn(Bool)
    /// One text, or several for an option that may be repeated.
    case texts([String])
  }

  let name: OptionName
  var value: Value
  /// What people look up: `staticd.toml:3`, or the name of a variable; nil for the command line.
  var origin: String?

  /// Whether it has a value or is switched on.
  var isActive: Bool { value != .isOn(false) }

  /// Its values; none for a switch.
  var texts: [String] {
    switch value {
    case .isOn: []
    case .texts(let texts): texts
    }
  }
}

/// The settings of one place, or of several, by option.
typealias Settings = [OptionName: Setting]

extension Settings {
  /// The options that have a value or are switched on.
  var active: Set<OptionName> { Set(values.filter(\.isActive).map(\.name)) }
}
