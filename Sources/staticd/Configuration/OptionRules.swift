/// How options depend on each other when they come from different places.
///
/// A command line, an environment and a file are written by different people for different commands.
/// A weaker place therefore gives way: only a combination on one command line is a mistake.
struct OptionRules {
  let command: CommandName

  /// The options that a Django project is asked with.
  private static let asking: Set<OptionName> = [.django, .settings, .python]

  /// The options that make a question to a Django project unnecessary.
  private var naming: Set<OptionName> {
    switch command {
    case .collect, .find: [.source]
    case .check: [.root]
    default: []
    }
  }

  /// The options that, given in a stronger place, make `name` give way.
  ///
  /// - Parameter isTyped: whether the stronger place is the command line.
  func rivals(of name: OptionName, isTyped: Bool) -> Set<OptionName> {
    var rivals: Set<OptionName> = []
    if let opposite = OptionName(rawValue: OptionDefinition.opposite(of: name.rawValue)) {
      rivals.insert(opposite)
    }
    if Self.asking.contains(name) { rivals.formUnion(naming) }
    if name == .source, naming.contains(name) {
      // In the environment or a file, `settings` and `python` only say how to ask, not to ask.
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

  /// The options that make `name` give way when they stand in the same place.
  func winners(over name: OptionName) -> Set<OptionName> {
    Self.asking.contains(name) ? naming : []
  }

  /// The option without which `name` means nothing to this command; nil for none.
  ///
  /// It is another command's option then: `source` is `collect`'s, `server-timing` is `run`'s.
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
