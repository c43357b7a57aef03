internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A query of a Django project for the options of a server of its files.
struct ServingQuestion {
  private let question: DjangoIntrospection
  private let command: CommandName
  /// Whether the options name the project, or how to query it.
  private let isExplicit: Bool
  /// The options that are already set.
  private let decided: Set<OptionName>

  /// Nil if no project is to be queried: the command does not serve, or the options name what to
  /// serve and `--django` is not given.
  ///
  /// - Parameters:
  ///   - given: the settings on the command line.
  ///   - settings: the settings of all layers.
  init?(_ command: CommandName, _ given: Settings, _ settings: Settings) {
    guard command.isServing else { return nil }
    self.command = command
    let all = MergedArguments(command, settings)
    decided = Set(settings.keys)
    isExplicit = !decided.isDisjoint(with: [.django, .settings, .python])
    let places: Set<OptionName> = [.root, .source]
    let asks =
      decided.contains(.django)
      || given.keys.contains(.settings) && given.active.isDisjoint(with: places)
    guard asks || decided.isDisjoint(with: places) && DjangoIntrospection.isProject(BytePath("."))
    else {
      return nil
    }
    var question = DjangoIntrospection(directory: BytePath(all.text(.django) ?? "."))
    question.settings = all.text(.settings)
    question.python = all.text(.python)
    question.timeout = all.number(.djangoTimeout) ?? question.timeout
    question.purpose = all.isOn(.autorefresh) ? .servingSources : .serving
    self.question = question
  }

  /// The project's settings, without those of options that are already set.
  ///
  /// They come from the record of the last `collect` if it is current, otherwise from a query.
  func ask(_ projects: ProjectAnswers) throws -> Settings {
    if !isExplicit, question.purpose == .serving, let site = RecordedSite.find() {
      for warning in site.record.warnings { Console.diagnose("warning: \(warning)") }
      return try self.settings(of: site.options)
    }
    let project: DjangoProject
    let isNew: Bool
    do throws(DjangoError) {
      (project, isNew) = try projects.answer(to: question)
    } catch {
      throw CommandFailure(error.isSystem ? .system : .usage, lines: error.lines)
    }
    if isNew { announce(project) }
    return try settings(of: project.servingOptions)
  }

  private func announce(_ project: DjangoProject) {
    for warning in project.warnings { Console.diagnose("warning: \(warning)") }
    // `python` is empty if the project's own process has answered: nothing was run.
    guard !project.python.isEmpty else { return }
    let settings = project.settings.isEmpty ? "" : ", settings \(project.settings)"
    Console.diagnose(
      "asked the Django project (Django \(project.version)\(settings)) with \(project.python)"
    )
  }

  /// The options whose values are added to the project's instead of replacing them: a project has
  /// directories and fields of its own.
  static let adding: Set<OptionName> = [.public, .header]

  /// Warns of a project that takes the scheme from a proxy while no proxy is trusted: it would get
  /// HTTP for every request, and redirect forever.
  private func warnOfScheme(_ options: [ServingOption]) {
    guard options.contains(where: { $0.setting == "SECURE_PROXY_SSL_HEADER" }),
      !decided.contains(.trustProxy), ForwardingPlatform(environment: Environment.value) == nil
    else { return }
    Console.diagnose(
      "warning: SECURE_PROXY_SSL_HEADER: no proxy is trusted to tell which requests came over HTTPS; "
        + "name yours with --trust-proxy, or write --trust-proxy none"
    )
  }

  private func settings(of options: [ServingOption]) throws -> Settings {
    warnOfScheme(options)
    let definitions = OptionTable.named(of: command)
    var settings: Settings = [:]
    for option in options {
      guard let name = OptionName(rawValue: option.option), let definition = definitions[name],
        !decided.contains(name) || Self.adding.contains(name)
      else { continue }
      let earlier = settings[name]?.texts ?? []
      let text = try option.argument()
      settings[name] = Setting(
        name: name,
        value: definition.isSwitch ? .isOn(true) : .texts(earlier + [text]),
        origin: option.setting
      )
    }
    return settings
  }
}

extension ServingOption {
  /// The value as it would stand on the command line.
  ///
  /// A path that is not UTF-8 is written relative to the working directory, so that a project whose directory has such
  /// a name can be served from there.
  ///
  /// - Throws: a `CommandFailure` where that is not UTF-8 either.
  fileprivate func argument() throws -> String {
    if let text = String(validating: path.bytes, as: UTF8.self) { return text }
    let start = SourceDirectory.prefixEnd(in: path.bytes[...])
    let (prefix, directory) =
      start.map { (path.bytes[...$0], path.bytes[($0 + 1)...]) } ?? ([], path.bytes[...])
    guard let relative = BytePath(directory).belowWorkingDirectory,
      let text = String(validating: prefix + relative.bytes, as: UTF8.self)
    else {
      let reason = "'\(path.escaped)' \(RawArguments.notUTF8)"
      throw CommandFailure(.usage, "\(setting): \(reason)")
    }
    return text
  }
}

extension BytePath {
  /// This absolute path as one from the working directory; nil if it does not lead below that.
  fileprivate var belowWorkingDirectory: BytePath? {
    guard let here = BytePath(".").resolved, isInside(here) else { return nil }
    let rest = bytes.dropFirst(here.bytes.count).drop { $0 == UInt8(ascii: "/") }
    return BytePath("./").appending(BytePath(rest))
  }
}
