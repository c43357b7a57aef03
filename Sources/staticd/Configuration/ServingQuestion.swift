internal import StaticAssets
internal import StaticCollector

/// A question to a Django project about what a server of its files would be told otherwise.
struct ServingQuestion {
  private let question: DjangoQuestion
  /// The options that are decided already.
  private let decided: Set<String>
  private let known: Set<String>

  /// Nil when no project is to be asked: the command serves nothing, or what it serves is named and
  /// `--django` is not given.
  init?(
    _ given: GivenArguments,
    _ added: [ConfiguredOption],
    _ command: [OptionCatalogue.Option]
  ) {
    known = Set(command.map(\.name))
    decided = given.names.union(added.map(\.name))
    guard known.isSuperset(of: ["public", "django"]) else { return nil }
    func value(_ name: String) -> String? {
      if let value = given.values[name] { return value }
      guard case .texts(let texts) = added.first(where: { $0.name == name })?.value else {
        return nil
      }
      return texts.last
    }
    let places: Set<String> = ["root", "public", "source"]
    let asks =
      decided.contains("django")
      || given.names.contains("settings") && given.active.isDisjoint(with: places)
    guard asks || decided.isDisjoint(with: places) && DjangoQuestion.isProject(FilePath(".")) else {
      return nil
    }
    var question = DjangoQuestion(directory: FilePath(value("django") ?? "."))
    question.settings = value("settings")
    question.python = value("python")
    // The parser refuses any other value.
    if let seconds = value("django-timeout").flatMap({ Int($0) }), (1...3600).contains(seconds) {
      question.timeout = seconds
    }
    let isRefreshed =
      given.active.contains("autorefresh")
      || added.contains { $0.name == "autorefresh" && $0.isActive }
    question.purpose = isRefreshed ? .servingSources : .serving
    self.question = question
  }

  /// The project's options, without those that are decided.
  func ask() throws -> [ConfiguredOption] {
    do throws(DjangoError) {
      let (project, isNew) = try AskedProjects.answer(to: question)
      guard isNew else { return options(of: project) }
      for warning in project.warnings { Console.diagnose("warning: \(warning)") }
      let settings = project.settings.isEmpty ? "" : ", settings \(project.settings)"
      Console.diagnose(
        "asked the Django project (Django \(project.version)\(settings)) with \(project.python)"
      )
      return options(of: project)
    } catch {
      throw CommandFailure(error.isSystem ? .system : .usage, lines: error.lines)
    }
  }

  /// One option for each name: of those that may be repeated there are several values.
  private func options(of project: DjangoProject) -> [ConfiguredOption] {
    var options: [ConfiguredOption] = []
    for (name, setting, value) in project.servingOptions
    where known.contains(name) && !decided.contains(name) {
      let index = options.firstIndex { $0.name == name }
      if let index, case .texts(let texts) = options[index].value {
        options[index] = ConfiguredOption(
          name: name,
          value: .texts(texts + [value]),
          origin: setting
        )
      } else {
        let isSwitch = name == "no-cors" || name == "autorefresh"
        let value = isSwitch ? ConfiguredOption.Value.isOn(true) : .texts([value])
        options.append(ConfiguredOption(name: name, value: value, origin: setting))
      }
    }
    return options
  }
}
