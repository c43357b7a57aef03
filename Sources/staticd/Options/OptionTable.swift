/// The options of all commands, declared in this table only.
enum OptionTable {
  /// All options, in the order of help.
  ///
  /// An option may have one row per group of commands; the rows differ only in what help shows.
  static let rows: [OptionDefinition] =
    serving + collecting + earlierReleases + publishing + project + compression + responses + caches
    + app + queue + proxy + log
    + operation + limits
    + output

  /// The options of a command, in the order of help.
  static func options(of command: CommandName) -> [OptionDefinition] {
    rows.filter { $0.commands.contains(command) }
  }

  /// The options that may be set in a configuration file and in the environment, by name.
  static let configurable: [String: OptionDefinition] = Dictionary(
    rows.filter { $0.name != .config }.map { ($0.name.rawValue, $0) },
    uniquingKeysWith: { first, _ in first }
  )

  /// The switches among them by the name that switches them off: `no-link`, and `cors` for `no-cors`.
  static let opposites: [String: OptionDefinition] = Dictionary(
    uniqueKeysWithValues: configurable.values.compactMap { option in
      option.opposite.map { ($0, option) }
    }
  )

  /// The options of a command by name.
  static func named(of command: CommandName) -> [OptionName: OptionDefinition] {
    Dictionary(uniqueKeysWithValues: options(of: command).map { ($0.name, $0) })
  }
}
