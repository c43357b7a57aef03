internal import StaticAssets
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
      let variables = [option.variable] + (option.oppositeVariable.map { [$0] } ?? [])
      let given = variables.filter { Environment.path($0) != nil }
      guard let variable = given.first else { continue }
      guard given.count == 1 else {
        let names = given.joined(separator: " and ")
        problems.append("\(names) are one switch; leave one of them out")
        continue
      }
      do throws(SettingError) {
        guard let text = try text(of: variable) else { continue }
        var value: Setting.Value =
          option.isSwitch
          ? .isOn(try isOn(text))
          : .texts(option.isRepeated ? text.split(separator: "\n").map(String.init) : [text])
        if variable == option.oppositeVariable { value = value.opposite }
        settings.append(Setting(name: option.name, value: value, origin: variable))
      } catch {
        problems.append("\(variable): \(error)")
      }
    }
    return settings
  }

  /// The value of a variable; nil if it is unset or empty.
  private static func text(of variable: String) throws(SettingError) -> String? {
    guard let bytes = Environment.path(variable)?.bytes else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SettingError("'\(BytePath(bytes).escaped)' \(RawArguments.notUTF8)")
    }
    return text
  }

  /// A line for each variable with the prefix that is probably a misspelt option.
  static var misspelt: [String] {
    let names = ownNames
    guard !names.isEmpty else { return [] }
    let options = OptionTable.configurable.values
    let known = Set(options.map(\.variable) + options.compactMap(\.oppositeVariable))
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
        do throws(SettingError) {
          guard let text = try text(of: variable.name),
            let value = try read(text, variable.reading)
          else { continue }
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
