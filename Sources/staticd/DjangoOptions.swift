internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The Django project that is asked for what to collect.
struct DjangoOptions: ParsableArguments {
  @Option(
    name: .customLong("django"),
    defaultAsFlag: ".",
    parsing: .next,
    help: ArgumentHelp(
      """
      Ask the Django project in this directory for its sources, as its finders list them, and for \
      its settings. Done by itself where there is a manage.py and no source is named. (default: .)
      """,
      valueName: "dir"
    )
  )
  var directory: String?

  @Option(
    help: ArgumentHelp(
      """
      The project's settings module. (default: $DJANGO_SETTINGS_MODULE, or what manage.py says)
      """,
      valueName: "module"
    )
  )
  var settings: String?

  @Option(
    help: ArgumentHelp(
      """
      The Python to ask. (default: that of the project's virtual environment, or python3)
      """,
      valueName: "exe"
    )
  )
  var python: String?

  @Option(
    name: .customLong("django-timeout"),
    help: ArgumentHelp(
      "How long the project may take to answer, 1 to 3600.",
      valueName: "seconds"
    )
  )
  var timeout = 120

  func validate() throws {
    guard (1...3600).contains(timeout) else {
      throw ValidationError("--django-timeout \(timeout): give 1 to 3600 seconds")
    }
  }

  /// The project's answer; nil when none is meant.
  ///
  /// - Parameters:
  ///   - hasSources: whether what it would be asked for is named otherwise.
  ///   - isVerbose: whether what the project prints is shown, and Python's traceback.
  ///   - change: completes the question.
  func project(
    hasSources: Bool,
    isVerbose: Bool,
    _ change: (inout DjangoQuestion) -> Void
  ) throws -> DjangoProject? {
    guard !hasSources else { return nil }
    for (name, value) in [("--settings", settings), ("--python", python)] where value == "" {
      throw CommandFailure(.usage, "\(name) '': leave it out, or give a name")
    }
    guard let directory = try projectDirectory() else { return nil }
    var question = DjangoQuestion(directory: FilePath(directory))
    question.settings = settings
    question.python = python
    question.timeout = timeout
    change(&question)
    do throws(DjangoError) {
      let (project, isNew) = try AskedProjects.answer(to: question)
      guard isNew else { return project }
      if isVerbose { Console.diagnose(text: project.printed) }
      for warning in project.warnings { Console.diagnose("warning: \(warning)") }
      return project
    } catch {
      if isVerbose { Console.diagnose(text: error.details) }
      throw CommandFailure(error.isSystem ? .system : .usage, lines: error.lines)
    }
  }

  private func projectDirectory() throws -> String? {
    if let directory {
      guard !directory.isEmpty else {
        throw CommandFailure(.usage, "--django '': give a directory")
      }
      return directory
    }
    return DjangoQuestion.isProject(FilePath(".")) ? "." : nil
  }
}
