/// An option that was given elsewhere than on the command line.
struct ConfiguredOption: Equatable {
  enum Value: Equatable {
    case isOn(Bool)
    /// One text, or several for an option that may be repeated.
    case texts([String])
  }

  /// Its long name, without hyphens.
  let name: String
  let value: Value
  /// What people look up: `staticd.toml:3`, or the name of a variable.
  let origin: String
}

extension ConfiguredOption {
  /// Whether it has a value or is switched on.
  var isActive: Bool { value != .isOn(false) }

  /// What the parser is given for it.
  var arguments: [String] {
    switch value {
    case .isOn(let isOn): isOn ? ["--\(name)"] : []
    // One argument, for a text may begin with a hyphen.
    case .texts(let texts): texts.map { "--\(name)=\($0)" }
    }
  }
}
