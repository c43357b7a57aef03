internal import StaticAssets
internal import StaticCollector

/// The settings outside of the command line, in layers of decreasing precedence.
struct ConfigurationLayers {
  /// The mistakes, one line each.
  let problems: [String]
  private let layers: [[Setting]]

  /// Reads the environment, and the file at `path` or the one in the working directory.
  ///
  /// - Throws: `CommandFailure` if the file cannot be read.
  init(file path: String?) throws {
    var problems: [String] = []
    let own = EnvironmentSettings.own(&problems)
    let django = EnvironmentSettings.django(&problems)
    let file = try ConfigurationFile.find(path)
    layers = [own, django, file?.settings ?? []]
    self.problems = problems + (file?.problems ?? [])
  }

  /// The settings that apply to a command, without those of a Django project.
  ///
  /// - Parameter given: the settings on the command line.
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

  /// Adds the settings of the Django project that the command serves.
  ///
  /// - Throws: `CommandFailure` if the project cannot be queried.
  func complete(
    _ settings: Settings,
    _ given: Settings,
    of command: CommandName,
    _ projects: ProjectAnswers
  ) throws -> Settings {
    guard let question = ServingQuestion(command, given, settings) else { return settings }
    return settings.merging(try question.ask(projects)) { known, projects in
      guard ServingQuestion.adding.contains(known.name) else { return known }
      // The last value that matches a file wins: the project's values come first.
      return Setting(
        name: known.name,
        value: .texts(projects.texts + known.texts),
        origin: known.origin
      )
    }
  }

  /// Whether it is STATICFILES_DIRS beside a Django project in the working directory, whose finders
  /// also list the directories of its apps.
  private static func isProjects(_ setting: Setting, _ known: Set<OptionName>) -> Bool {
    setting.origin == "STATICFILES_DIRS" && known.contains(.django)
      && DjangoIntrospection.isProject(BytePath("."))
  }
}
