internal import StaticAssets
internal import StaticCollector

/// The command `staticd check`.
struct CheckCommand: ConcurrentCommand {
  private let arguments: MergedArguments
  private let projects: ProjectAnswers
  private let django: DjangoOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    self.projects = projects
    django = DjangoOptions(arguments: arguments, projects: projects)
  }

  func check() throws {
    try django.check()
    _ = try TalkOptions(arguments)
  }

  func run() async throws -> Int32 {
    let talk = try TalkOptions(arguments)
    let root = try rootDirectory(isVerbose: talk.isVerbose)
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, talk.progressStyle)
    let report: RootReport
    do throws(CollectError) {
      defer { display.end() }
      report = try await RootCheck(root: root, jobs: arguments.number(.jobs)).run(
        progress: progress
      )
    } catch {
      throw CommandFailure(for: error, "nothing was checked")
    }
    guard report.problems.isEmpty else {
      let count = Count.of(report.problems.count, "problem")
      throw CommandFailure(
        .input,
        lines: report.problems.map(\.description) + ["\(count) in '\(root.absolute)'"]
      )
    }
    if !talk.isQuiet {
      let files = Count.of(report.fileCount, "file")
      let read = "\(files) (\(Count.bytes(report.byteCount))) in '\(root.absolute)'"
      let verb = report.fileCount == 1 ? "is" : "are"
      Console.print(
        report.lacksRecord
          ? "\(read): no problem. There is no staticd.json: lengths, types and digests were not "
            + "compared."
          : "\(read) \(verb) as recorded."
      )
    }
    return 0
  }

  /// The root that the options name, or the project's.
  ///
  /// The query is the one for serving, which the check of the configuration has already made.
  private func rootDirectory(isVerbose: Bool) throws -> BytePath {
    let named = arguments.text(.root).map { BytePath($0) }
    let project = try django.project(hasSources: named != nil, isVerbose: isVerbose) {
      $0.purpose = .serving
    }
    let option = project?.servingOptions.first { $0.option == OptionName.root.rawValue }
    guard let root = named ?? option?.path else {
      throw CommandFailure(
        .usage,
        project == nil
          ? "name the directory with --root, or a Django project with --django"
          : "the Django project has no STATIC_ROOT in which files were collected; name one with --root"
      )
    }
    return root
  }
}
