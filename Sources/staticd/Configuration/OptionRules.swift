/// How options from different layers exclude each other.
///
/// Different people write the command line, the environment and the file, for different commands. A
/// lower layer therefore gives way; only a combination on one command line is an error.
struct OptionRules {
  let command: CommandName

  /// The options for querying a Django project.
  private static let asking: Set<OptionName> = [.django, .settings, .python]

  /// The options that make a query of a Django project unnecessary.
  private var naming: Set<OptionName> {
    switch command {
    case .collect, .find: [.source]
    case .check: [.root]
    default: []
    }
  }

  /// The options that, set in a higher layer, make `name` give way.
  ///
  /// - Parameter isTyped: whether the higher layer is the command line.
  func rivals(of name: OptionName, isTyped: Bool) -> Set<OptionName> {
    var rivals: Set<OptionName> = []
    if let opposite = OptionName(rawValue: OptionDefinition.opposite(of: name.rawValue)) {
      rivals.insert(opposite)
    }
    if Self.asking.contains(name) { rivals.formUnion(naming) }
    if name == .source, naming.contains(name) {
      // In the environment or a file, `settings` and `python` configure a query but do not
      // request one.
      rivals.formUnion(isTyped ? Self.asking : [.django])
    }
    if name == .django, command.isServing, isTyped { rivals.formUnion([.root, .source]) }
    switch name {
    case .quiet: rivals.insert(.verbose)
    case .verbose: rivals.insert(.quiet)
    case .keepOnlyHashed: rivals.insert(.noPostProcess)
    case .noPostProcess: rivals.insert(.keepOnlyHashed)
    default: break
    }
    return rivals
  }

  /// The options that make `name` give way in the same layer.
  func winners(over name: OptionName) -> Set<OptionName> {
    Self.asking.contains(name) ? naming : []
  }

  /// The option without which `name` has no effect in this command; nil for none.
  ///
  /// It is meant for another command then: `source` for `collect`, `server-timing` for `run`.
  func need(of name: OptionName) -> OptionName? {
    if command.isServing, name == .source { return .autorefresh }
    return command != .run && [.serverTiming, .forwardedFor, .unknown, .appPath].contains(name)
      ? .upstream : nil
  }

  /// Throws for options on one command line that exclude each other.
  func refuseMistakes(_ given: Settings) throws {
    let active = given.active
    guard !active.isDisjoint(with: naming),
      let name = active.intersection(Self.asking).map(\.rawValue).min()
    else { return }
    let other = command == .check ? "--root names the directory" : "a directory is named"
    throw CommandFailure(
      .usage,
      "--\(name) asks a Django project, but \(other) on the same command line; "
        + "leave one of them out"
    )
  }
}
