internal import StaticCollector

/// The options in the environment.
///
/// `STATICD_MAX_AGE` is `--max-age`; a repeatable option has one value per line. Other variables
/// with the prefix are ignored: Kubernetes sets STATICD_PORT for a service named `staticd`. The
/// names of Django and WhiteNoise have lower precedence.
enum EnvironmentSettings {
  /// The settings in variables with the prefix.
  ///
  /// - Parameter problems: receives a line for each malformed value.
  static func own(_ problems: inout [String]) -> [Setting] {
    guard !ownNames.isEmpty else { return [] }
    var settings: [Setting] = []
    for (_, option) in OptionTable.configurable.sorted(by: { $0.key < $1.key }) {
      let variable = option.variable
      guard let text = Environment.value(variable) else { continue }
      do throws(SettingError) {
        let value: Setting.Value =
          option.isSwitch
          ? .isOn(try isOn(text))
          : .texts(option.isRepeated ? text.split(separator: "\n").map(String.init) : [text])
        settings.append(Setting(name: option.name, value: value, origin: variable))
      } catch {
        problems.append("\(variable): \(error)")
      }
    }
    return settings
  }

  /// A line for each variable with the prefix that is probably a misspelt option.
  static var misspelt: [String] {
    let names = ownNames
    guard !names.isEmpty else { return [] }
    let known = Set(OptionTable.configurable.values.map(\.variable))
    return names.sorted().compactMap { name in
      // Kubernetes sets STATICD_PORT… and STATICD_SERVICE_… for a service named `staticd`.
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

  /// The names of the variables with the prefix.
  private static var ownNames: [String] {
    Environment.all.filter { $0.hasPrefix(prefix) }.map { String($0.prefix { $0 != "=" }) }
  }

  /// The settings in variables with the names of Django and WhiteNoise.
  ///
  /// - Parameter problems: receives a line for each malformed value.
  static func django(_ problems: inout [String]) -> [Setting] {
    var settings: [Setting] = []
    for (_, option) in OptionTable.configurable.sorted(by: { $0.key < $1.key }) {
      for variable in option.variables {
        guard let text = Environment.value(variable.name) else { continue }
        do throws(SettingError) {
          guard let value = try read(text, variable.reading) else { continue }
          settings.append(Setting(name: option.name, value: value, origin: variable.name))
        } catch {
          problems.append("\(variable.name): \(error)")
        }
      }
    }
    return settings
  }

  /// Nil if the variable switches the option off.
  private static func read(
    _ text: String,
    _ reading: OptionDefinition.Variable.Reading
  ) throws(SettingError) -> Setting.Value? {
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
