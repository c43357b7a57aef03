package import StaticAssets

/// An option of `staticd serve` that corresponds to a setting of a Django project.
public struct ServingOption: Sendable, Equatable {
  /// The option's long name, without hyphens.
  public let option: String
  /// The setting.
  public let setting: String
  /// The option's value, with invalid UTF-8 replaced; empty for a flag.
  public let value: String
  /// The bytes of the value, such as a path in any encoding.
  package let path: BytePath

  /// An option, and the setting that it comes from.
  public init(option: String, setting: String, value: String) {
    self.init(option: option, setting: setting, path: BytePath(value))
  }

  /// An option whose value may be in any encoding.
  package init(option: String, setting: String, path: BytePath) {
    (self.option, self.setting, self.path) = (option, setting, path)
    value = path.description
  }
}

extension JSONReader {
  /// An array of options, each an array of name, setting and value; other arrays are skipped.
  mutating func servingOptions() throws(Malformed) -> [ServingOption] {
    var options: [ServingOption] = []
    try array { (reader) throws(Malformed) in
      var parts: [BytePath] = []
      try reader.array { (reader) throws(Malformed) in parts.append(BytePath(try reader.string())) }
      guard parts.count == 3 else { return }
      options.append(
        ServingOption(
          option: parts[0].description,
          setting: parts[1].description,
          path: parts[2]
        )
      )
    }
    return options
  }
}
