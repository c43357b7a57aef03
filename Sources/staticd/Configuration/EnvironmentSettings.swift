/// The options in the environment.
///
/// `STATICD_MAX_AGE` is `--max-age`; of an option that may be repeated each line is one. Other
/// variables that begin so are not ours to judge: Kubernetes tells of a service called `staticd` with
/// STATICD_PORT. Django's and WhiteNoise's own names count below these.
enum EnvironmentSettings {
  /// What our own variables say.
  static func own(_ catalogue: OptionCatalogue) throws -> [ConfiguredOption] {
    guard Environment.all.contains(where: { $0.hasPrefix("STATICD_") }) else { return [] }
    return try catalogue.names.sorted().compactMap { name in
      let variable = "STATICD_" + name.uppercased().map { $0 == "-" ? "_" : $0 }
      guard let text = Environment.value(variable), let option = catalogue.option(name) else {
        return nil
      }
      let value: ConfiguredOption.Value =
        option.isSwitch
        ? .isOn(try isOn(text, variable))
        : .texts(option.isRepeated ? text.split(separator: "\n").map(String.init) : [text])
      return ConfiguredOption(name: name, value: value, origin: variable)
    }
  }

  /// What the variables of Django's and WhiteNoise's names say.
  static func django() throws -> [ConfiguredOption] {
    try djangoNames.compactMap { variable, name, reading in
      guard let text = Environment.value(variable) else { return nil }
      guard let value = try read(text, reading, variable) else { return nil }
      return ConfiguredOption(name: name, value: value, origin: variable)
    }
  }

  /// How a value is read.
  private enum Reading {
    case text
    /// Entries with colons between them, as in PATH.
    case paths
    /// Octal digits, as Python writes them or plain.
    case mode
    case isOn
    case isOff
    /// A name, or true for `index.html`.
    case indexName
  }

  private static let djangoNames: [(variable: String, option: String, reading: Reading)] = [
    ("FILE_UPLOAD_DIRECTORY_PERMISSIONS", "directory-mode", .mode),
    ("FILE_UPLOAD_PERMISSIONS", "file-mode", .mode),
    ("STATICFILES_DIRS", "source", .paths),
    ("STATIC_ROOT", "root", .text),
    ("STATIC_URL", "url", .text),
    ("WHITENOISE_ALLOW_ALL_ORIGINS", "no-cors", .isOff),
    ("WHITENOISE_AUTOREFRESH", "autorefresh", .isOn),
    ("WHITENOISE_INDEX_FILE", "index", .indexName),
    ("WHITENOISE_KEEP_ONLY_HASHED_FILES", "keep-only-hashed", .isOn),
    ("WHITENOISE_MAX_AGE", "max-age", .text),
    ("WHITENOISE_ROOT", "public", .text),
    ("WHITENOISE_SKIP_COMPRESS_EXTENSIONS", "skip-compress", .text),
  ]

  /// Nil when it says that nothing is wanted.
  private static func read(
    _ text: String,
    _ reading: Reading,
    _ variable: String
  ) throws -> ConfiguredOption.Value? {
    switch reading {
    case .text: return .texts([text])
    case .paths: return .texts(text.split(separator: ":").map(String.init))
    case .mode: return .texts([text.hasPrefix("0o") ? String(text.dropFirst(2)) : text])
    case .isOn: return .isOn(try isOn(text, variable))
    case .isOff: return .isOn(!(try isOn(text, variable)))
    case .indexName:
      guard let isOn = switchValue(text) else { return .texts([text]) }
      return isOn ? .texts(["index.html"]) : nil
    }
  }

  private static func isOn(_ text: String, _ variable: String) throws -> Bool {
    guard let isOn = switchValue(text) else {
      throw CommandFailure(.usage, "\(variable): '\(text)' is neither true nor false")
    }
    return isOn
  }

  private static func switchValue(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "true", "yes", "on": true
    case "0", "false", "no", "off": false
    default: nil
    }
  }
}
