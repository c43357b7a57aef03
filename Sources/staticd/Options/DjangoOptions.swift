internal import StaticAssets
internal import StaticCollector

/// The options of the Django project that is queried.
struct DjangoOptions {
  let arguments: MergedArguments
  let projects: ProjectAnswers

  /// Throws the mistakes in the options.
  func check() throws {
    for name in [OptionName.settings, .python] where arguments.text(name) == "" {
      throw arguments.failure(name, "", "leave it out, or give a name")
    }
  }

  /// The project's settings and files; nil without a project, or if it need not be queried.
  ///
  /// - Parameters:
  ///   - hasSources: whether the options already give what the project would be queried for.
  ///   - isVerbose: whether to show the project's output, and Python's traceback.
  ///   - change: completes the query.
  func project(
    hasSources: Bool,
    isVerbose: Bool,
    _ change: (inout DjangoIntrospection) -> Void
  ) throws -> DjangoProject? {
    guard !hasSources else { return nil }
    try check()
    guard let directory = projectDirectory else { return nil }
    var question = DjangoIntrospection(directory: BytePath(directory))
    question.settings = arguments.text(.settings)
    question.python = arguments.text(.python)
    question.timeout = arguments.number(.djangoTimeout) ?? question.timeout
    change(&question)
    do throws(DjangoError) {
      let (project, isNew) = try projects.answer(to: question)
      guard isNew else { return project }
      if isVerbose { Console.diagnose(text: project.printed) }
      for warning in project.warnings { Console.diagnose("warning: \(warning)") }
      return project
    } catch {
      if isVerbose { Console.diagnose(text: error.details) }
      throw CommandFailure(error.isSystem ? .system : .usage, lines: error.lines)
    }
  }

  private var projectDirectory: String? {
    arguments.text(.django) ?? (DjangoIntrospection.isProject(BytePath(".")) ? "." : nil)
  }
}
