internal import StaticAssets
internal import StaticCollector

/// What is set elsewhere than on the command line, the strongest layer first.
struct ConfigurationLayers {
  /// What is wrong, one line each.
  let problems: [String]
  private let layers: [[ConfiguredOption]]

  /// Reads the environment, and the file at `path` or the one in the working directory.
  ///
  /// Throws: a `CommandFailure` when the file cannot be read.
  init(_ path: String?, _ catalogue: OptionCatalogue) throws {
    var problems: [String] = []
    let own = EnvironmentSettings.own(catalogue, &problems)
    let django = EnvironmentSettings.django(&problems)
    let file = try ConfigurationFile.find(path, catalogue)
    layers = [own, django, file?.options ?? []]
    self.problems = problems + (file?.problems ?? [])
  }

  /// The same; throws for what is wrong in these places, too.
  init(reading path: String?, _ catalogue: OptionCatalogue) throws {
    try self.init(path, catalogue)
    guard problems.isEmpty else { throw CommandFailure(.usage, lines: problems) }
  }

  /// The options that are set for a command and not overridden by its command line.
  func options(
    besides given: GivenArguments,
    _ rules: OptionRules,
    of command: [OptionCatalogue.Option]
  ) -> [ConfiguredOption] {
    let known = Set(command.map(\.name))
    let typed = given.active
    var decided = given.names.union(given.implied)
    var active: Set<String> = []
    var options: [ConfiguredOption] = []
    for layer in layers {
      let usable = layer.filter { option in
        known.contains(option.name) && !decided.contains(option.name)
          && typed.isDisjoint(with: rules.rivals(of: option.name, isTyped: true))
          && active.isDisjoint(with: rules.rivals(of: option.name, isTyped: false))
          && !Self.isProjects(option, known)
      }
      let named = Set(usable.filter(\.isActive).map(\.name))
      let kept = usable.filter { named.isDisjoint(with: rules.winners(over: $0.name)) }
      options += kept
      decided.formUnion(kept.map(\.name))
      active.formUnion(kept.filter(\.isActive).map(\.name))
    }
    let all = active.union(typed)
    return options.filter { option in rules.need(of: option.name).map(all.contains) ?? true }
  }

  /// Whether it is a list of sources that a Django project in the working directory knows better: its
  /// finders list those of its apps, too.
  private static func isProjects(_ option: ConfiguredOption, _ known: Set<String>) -> Bool {
    option.origin == "STATICFILES_DIRS" && known.contains("django")
      && DjangoQuestion.isProject(FilePath("."))
  }
}
