internal import Glibc
internal import StaticAssets

/// The options of `staticd.toml`, or of the table `[tool.staticd]` of `pyproject.toml`.
struct ConfigurationFile {
  /// The settings, in the order of their lines.
  let settings: [Setting]
  /// The mistakes in other lines, in the order of their lines.
  let problems: [String]

  /// Reads the file at `path`, or `staticd.toml` or `pyproject.toml` in the working directory; nil
  /// if there is none.
  ///
  /// - Throws: `CommandFailure` if the file cannot be read as TOML.
  static func find(_ path: String?) throws -> ConfigurationFile? {
    if let path {
      guard !path.isEmpty else { throw CommandFailure(.usage, "--config '': give a file") }
      return try ConfigurationFile(path, isRequired: true)
    }
    for path in usualPaths {
      if let file = try ConfigurationFile(path, isRequired: false) { return file }
    }
    return nil
  }

  /// The files that are tried without `--config`; the first with a table of ours is used.
  private static let usualPaths = ["staticd.toml", "pyproject.toml"]

  /// The path to read: `path`, or the first usual file that exists; nil if there is none.
  static func path(_ path: String?) -> String? {
    path ?? usualPaths.first { unsafe access($0, F_OK) == 0 }
  }

  /// Nil if an optional file is missing, or if the file has no table of ours.
  private init?(_ path: String, isRequired: Bool) throws {
    guard let text = try Self.read(path, isRequired: isRequired) else { return nil }
    let isProject = path == "pyproject.toml" || path.hasSuffix("/pyproject.toml")
    // Do not refuse a malformed `pyproject.toml` that has nothing to do with staticd.
    guard !isProject || text.contains(text: "staticd") else { return nil }
    let document: TOMLTable
    do throws(TOMLError) {
      document = try TOMLReader.read(text)
    } catch {
      throw CommandFailure(.usage, "\(path):\(error.line): \(error.reason)")
    }
    guard let table = isProject ? document.table("tool")?.table("staticd") : document else {
      return nil
    }
    var settings: [Setting] = []
    var problems: [(line: Int, text: String)] = []
    for (key, entry) in table.entries.sorted(by: { $0.value.line < $1.value.line }) {
      do throws(SettingError) {
        let (option, isOpposite) = try Self.option(key)
        guard !isOpposite || table.entries[option.name.rawValue] == nil else {
          throw SettingError(
            "'\(key)' and '\(option.name.rawValue)' are one switch; leave one of them out"
          )
        }
        var setting = try Self.value(of: entry.value, for: option, key)
        if isOpposite { setting = setting.opposite }
        let origin = "\(path):\(entry.line)"
        settings.append(Setting(name: option.name, value: setting, origin: origin))
      } catch {
        problems.append((entry.line, "\(path):\(entry.line): \(error.description)"))
      }
    }
    problems.sort { ($0.line, $0.text) < ($1.line, $1.text) }
    self.problems = problems.map(\.text)
    self.settings = settings
  }

  /// The file's text; nil if an optional file does not exist.
  private static func read(_ path: String, isRequired: Bool) throws -> String? {
    let bytes: [UInt8]
    do throws(FileError) {
      let name = BytePath(path)
      bytes = try Descriptor.open(name, flags: O_RDONLY).readAll(path: name)
    } catch {
      guard isRequired || error.code != ENOENT else { return nil }
      throw CommandFailure(.usage, "\(error)")
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(.usage, "\(path): not a text in UTF-8")
    }
    return text
  }

  /// The option of a key, and whether that is the name that switches it off.
  private static func option(
    _ key: String
  ) throws(SettingError) -> (option: OptionDefinition, isOpposite: Bool) {
    if let option = OptionTable.configurable[key] { return (option, false) }
    if let option = OptionTable.opposites[key] { return (option, true) }
    let names = Set(OptionTable.configurable.keys).union(OptionTable.opposites.keys)
    let nearest = names.nearest(to: key)
    throw SettingError(
      "unknown key '\(key)'; "
        + (nearest.isNear(key)
          ? "the nearest one is '\(nearest)'" : "'staticd COMMAND --help' lists the options")
    )
  }

  private static func value(
    of value: TOMLValue,
    for option: OptionDefinition,
    _ key: String
  ) throws(SettingError) -> Setting.Value {
    if option.isSwitch {
      guard case .boolean(let isOn) = value else {
        throw SettingError("'\(key)' is true or false, not \(kind(of: value))")
      }
      return .isOn(isOn)
    }
    guard case .array(let array) = value else {
      return .texts([try text(of: value, for: option)])
    }
    guard option.isRepeated || option.isList else {
      throw SettingError("'\(option.name.rawValue)' wants one value, not an array")
    }
    var texts: [String] = []
    for element in array { texts.append(try text(of: element, for: option)) }
    return .texts(option.isRepeated ? texts : [texts.joined(separator: ",")])
  }

  private static func text(
    of value: TOMLValue,
    for option: OptionDefinition
  ) throws(SettingError) -> String {
    switch value {
    case .text(let text):
      guard !text.utf8.contains(0) else {
        throw SettingError("'\(option.name.rawValue)' has a NUL character; leave it out")
      }
      return text
    case .number(let number):
      return option.kind == .mode ? try ModeText.octal(of: Int(number)) : "\(number)"
    default:
      throw SettingError(
        "'\(option.name.rawValue)' wants a string or a whole number, not \(kind(of: value))"
      )
    }
  }

  private static func kind(of value: TOMLValue) -> String {
    switch value {
    case .array: "an array"
    case .boolean: "true or false"
    case .time: "a time"
    case .fraction: "a fraction"
    case .number: "a number"
    case .text: "a string"
    case .table: "a table"
    }
  }
}

/// A mistake in one setting.
struct SettingError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
