/// The value of an option in one layer.
struct Setting: Equatable {
  enum Value: Equatable {
    case isOn(Bool)
    /// One text, or several for a repeatable option.
    case texts([String])

    /// The same of a switch's opposite.
    var opposite: Value {
      guard case .isOn(let isOn) = self else { return self }
      return .isOn(!isOn)
    }
  }

  let name: OptionName
  var value: Value
  /// Where it is set: `staticd.toml:3`, or the name of a variable; nil for the command line.
  var origin: String?

  /// Whether it has a value or is on.
  var isActive: Bool { value != .isOn(false) }

  /// Its values; none for a switch.
  var texts: [String] {
    switch value {
    case .isOn: []
    case .texts(let texts): texts
    }
  }
}

/// The settings of one or more layers, by option.
typealias Settings = [OptionName: Setting]

extension Settings {
  /// The options that have a value or are on.
  var active: Set<OptionName> { Set(values.filter(\.isActive).map(\.name)) }
}
