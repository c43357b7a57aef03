internal import StaticAssets

/// An option of `staticd serve` that corresponds to a setting of a Django project.
public struct ServingOption: Sendable, Equatable {
  /// The option's long name, without hyphens.
  public let option: String
  /// The setting.
  public let setting: String
  /// The option's value; empty for a flag.
  public let value: String

  /// An option, and the setting that it comes from.
  public init(option: String, setting: String, value: String) {
    (self.option, self.setting, self.value) = (option, setting, value)
  }
}

extension JSONReader {
  /// An array of options, each an array of name, setting and value; other arrays are skipped.
  mutating func servingOptions() throws(Malformed) -> [ServingOption] {
    var options: [ServingOption] = []
    try array { (reader) throws(Malformed) in
      let texts = try reader.texts()
      guard texts.count == 3 else { return }
      options.append(ServingOption(option: texts[0], setting: texts[1], value: texts[2]))
    }
    return options
  }
}
