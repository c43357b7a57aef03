internal import StaticAssets
internal import StaticCollector

/// What is set elsewhere than on the command line, the strongest layer first.
struct ConfigurationLayers {
  /// What is wrong, one line each.
  let problems: [String]
  private let layers: [[Setting]]

  /// Reads the environment, and the file at `path` or the one in the working directory.
  ///
  /// Throws: a `CommandFailure` when the file cannot be read.
  init(file path: String?) throws {
    var problems: [String] = []
    let own = EnvironmentSettings.own(&problems)
    let django = EnvironmentSettings.django(&problems)
    let file = try ConfigurationFile.find(path)
    layers = [own, django, file?.settings ?? []]
    self.problems = problems + (file?.problems ?? [])
  }

  /// The settings that count for a command, without those of a Django project.
  ///
  /// - Parameter given: what the command line says.
  func settings(with given: Settings, of command: CommandName) -> Settings {
    let rules = OptionRules(command: command)
    let known = Set(OptionTable.named(of: rules.command).keys)
    let typed = given.active
    var decided = Set(given.keys)
    var active: Set<OptionName> = []
    var settings: Settings = [:]
    for layer in layers {
      let usable = layer.filter { setting in
        known.contains(setting.name) && !decided.contains(setting.name)
          && typed.isDisjoint(with: rules.rivals(of: setting.name, isTyped: true))
          && active.isDisjoint(with: rules.rivals(of: setting.name, isTyped: false))
          && !Self.isProjects(setting, known)
      }
      let named = Set(usable.filter(\.isActive).map(\.name))
      for setting in usable where named.isDisjoint(with: rules.winners(over: setting.name)) {
        settings[setting.name] = setting
        decided.insert(setting.name)
        if setting.isActive { active.insert(setting.name) }
      }
    }
    let all = active.union(typed)
    let added = settings.filter { name, _ in rules.need(of: name).map(all.contains) ?? true }
    return given.merging(added) { typed, _ in typed }
  }

  /// The same settings, with those of the Django project that the command serves.
  ///
  /// - Throws: a `CommandFailure` when the project gives no answer.
  func complete(
    _ settings: Settings,
    _ given: Settings,
    of command: CommandName,
    _ projects: ProjectAnswers
  ) throws -> Settings {
    guard let question = ServingQuestion(command, given, settings) else { return settings }
    return settings.merging(try question.ask(projects)) { known, projects in
      guard ServingQuestion.adding.contains(known.name) else { return known }
      // Of several for one file the last counts.
      return Setting(
        name: known.name,
        value: .texts(projects.texts + known.texts),
        origin: known.origin
      )
    }
  }

  /// Whether it is a list of sources that a Django project in the working directory knows better: its
  /// finders list those of its apps, too.
  private static func isProjects(_ setting: Setting, _ known: Set<OptionName>) -> Bool {
    setting.origin == "STATICFILES_DIRS" && known.contains(.django)
      && DjangoIntrospection.isProject(BytePath("."))
  }
}
