/// The options in the environment.
///
/// `STATICD_MAX_AGE` is `--max-age`; of an option that may be repeated each line is one. Other
/// variables that begin so are not ours to judge: Kubernetes tells of a service called `staticd` with
/// STATICD_PORT. Django's and WhiteNoise's own names count below these.
enum EnvironmentSettings {
  /// What our own variables say.
  ///
  /// - Parameter problems: gets a line for each value that cannot be read.
  static func own(
    _ catalogue: OptionCatalogue,
    _ problems: inout [String]
  ) -> [ConfiguredOption] {
    guard !ownNames.isEmpty else { return [] }
    var options: [ConfiguredOption] = []
    for name in catalogue.names.sorted() {
      let variable = variable(of: name)
      guard let text = Environment.value(variable), let option = catalogue.option(name) else {
        continue
      }
      do throws(SettingError) {
        let value: ConfiguredOption.Value =
          option.isSwitch
          ? .isOn(try isOn(text))
          : .texts(option.isRepeated ? text.split(separator: "\n").map(String.init) : [text])
        options.append(ConfiguredOption(name: name, value: value, origin: variable))
      } catch {
        problems.append("\(variable): \(error)")
      }
    }
    return options
  }

  /// A line for each of our variables that no option has, but almost.
  static func misspelt(_ catalogue: OptionCatalogue) -> [String] {
    let names = ownNames
    guard !names.isEmpty else { return [] }
    let known = Set(catalogue.names.map(variable))
    return names.sorted().compactMap { name in
      // Kubernetes sets STATICD_PORT… and STATICD_SERVICE_… for a service called `staticd`.
      guard !known.contains(name), !name.hasPrefix("STATICD_PORT"),
        !name.hasPrefix("STATICD_SERVICE_")
      else { return nil }
      let nearest = known.nearest(to: name)
      let (mine, other) = (name.dropFirst(prefix.count), nearest.dropFirst(prefix.count))
      guard String(mine).isNear(String(other)) else { return nil }
      return "\(name): no option has this name; the nearest one is \(nearest)"
    }
  }

  private static let prefix = "STATICD_"

  /// The names of the variables that are set and begin as ours do.
  private static var ownNames: [String] {
    Environment.all.filter { $0.hasPrefix(prefix) }.map { String($0.prefix { $0 != "=" }) }
  }

  private static func variable(of name: String) -> String {
    prefix + name.uppercased().map { $0 == "-" ? "_" : $0 }
  }

  /// What the variables of Django's and WhiteNoise's names say.
  ///
  /// - Parameter problems: gets a line for each value that cannot be read.
  static func django(_ problems: inout [String]) -> [ConfiguredOption] {
    var options: [ConfiguredOption] = []
    for (variable, name, reading) in djangoNames {
      guard let text = Environment.value(variable) else { continue }
      do throws(SettingError) {
        guard let value = try read(text, reading) else { continue }
        options.append(ConfiguredOption(name: name, value: value, origin: variable))
      } catch {
        problems.append("\(variable): \(error)")
      }
    }
    return options
  }

  /// How a value is read.
  private enum Reading {
    case text
    /// Entries with colons between them, as in PATH.
    case paths
    /// A number, as Python's settings have it: 420 or 0o644.
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
    _ reading: Reading
  ) throws(SettingError) -> ConfiguredOption.Value? {
    switch reading {
    case .text: return .texts([text])
    case .paths: return .texts(text.split(separator: ":").map(String.init))
    case .mode: return .texts([try ModeText.octal(ofNumber: text)])
    case .isOn: return .isOn(try isOn(text))
    case .isOff: return .isOn(!(try isOn(text)))
    case .indexName:
      guard let isOn = SwitchText.isOn(text) else { return .texts([text]) }
      return isOn ? .texts(["index.html"]) : nil
    }
  }

  private static func isOn(_ text: String) throws(SettingError) -> Bool {
    guard let isOn = SwitchText.isOn(text) else {
      throw SettingError("'\(text)' is neither true nor false")
    }
    return isOn
  }
}
