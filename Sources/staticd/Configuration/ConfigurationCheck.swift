/// Checks the configuration of every command, as that command would read it.
struct ConfigurationCheck {
  /// The settings on the command line of `check`.
  let given: Settings
  let layers: ConfigurationLayers
  let projects: ProjectAnswers

  /// The options of `check` that also apply to the serving commands.
  private static let passedOn: [OptionName] = [.root, .django, .settings, .python]

  /// Throws a `CommandFailure` with a line for each mistake.
  func run() throws {
    var mistakes = Mistakes()
    for line in layers.problems + EnvironmentSettings.misspelt { mistakes.add(line) }
    for command in CommandName.allCases where command.isConfigurable {
      try mistakes.reading { try check(command) }
    }
    do {
      try mistakes.refuse()
    } catch let failure as CommandFailure {
      throw CommandFailure(.usage, lines: failure.lines)
    }
  }

  private func check(_ command: CommandName) throws {
    let typed = command.isServing ? given.filter { Self.passedOn.contains($0.key) } : [:]
    let settings = layers.settings(with: typed, of: command)
    var mistakes = Mistakes()
    try mistakes.reading { try MergedArguments(command, settings).refuseWrongValues() }
    try mistakes.reading {
      let complete = try layers.complete(settings, typed, of: command, projects)
      let arguments = MergedArguments(command, complete)
      if command == .serve {
        for warning in ProxyOptions(arguments: arguments).warnings() {
          Console.diagnose("warning: \(warning)")
        }
      }
      try command.type.init(arguments, projects).check()
    }
    try mistakes.refuse()
  }
}
