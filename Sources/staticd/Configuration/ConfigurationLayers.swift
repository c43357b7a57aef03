internal import StaticAssets
internal import StaticCollector

/// What is set elsewhere than on the command line, the strongest layer first.
struct ConfigurationLayers {
  private let layers: [[ConfiguredOption]]

  /// Reads the environment, and the file at `path` or the one in the working directory.
  ///
  /// Throws: a `CommandFailure` that names every line that is wrong.
  init(_ path: String?, _ catalogue: OptionCatalogue) throws {
    let file = try ConfigurationFile.find(path, catalogue)?.options ?? []
    layers = [
      try EnvironmentSettings.own(catalogue), try EnvironmentSettings.django(), file,
    ]
  }

  /// The options that are set for a command and not overridden by its command line.
  func options(
    besides given: Set<String>,
    of command: [OptionCatalogue.Option]
  ) -> [ConfiguredOption] {
    let known = Set(command.map(\.name))
    var decided = given
    var options: [ConfiguredOption] = []
    for layer in layers {
      let layer = layer.filter { option in
        known.contains(option.name)
          && decided.isDisjoint(with: Self.alternatives(to: option.name))
          && !Self.isProjects(option, known)
      }
      options += layer
      decided.formUnion(layer.map(\.name))
    }
    return options
  }

  /// An option and those that say something else of the same thing.
  private static func alternatives(to name: String) -> Set<String> {
    let opposite = name.hasPrefix("no-") ? String(name.dropFirst(3)) : "no-" + name
    let group = exclusive.first { $0.contains(name) } ?? []
    return group.union([name, opposite])
  }

  private static let exclusive: [Set<String>] = [["django", "source"], ["quiet", "verbose"]]

  /// Whether it is a list of sources that a Django project in the working directory knows better: its
  /// finders list those of its apps, too.
  private static func isProjects(_ option: ConfiguredOption, _ known: Set<String>) -> Bool {
    option.origin == "STATICFILES_DIRS" && known.contains("django")
      && DjangoQuestion.isProject(FilePath("."))
  }
}
