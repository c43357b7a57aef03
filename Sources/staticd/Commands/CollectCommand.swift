internal import StaticAssets
internal import StaticCollector

/// The command `staticd collect`.
struct CollectCommand: ConcurrentCommand {
  private let arguments: MergedArguments
  private let django: DjangoOptions
  private let release: ReleaseOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    django = DjangoOptions(arguments: arguments, projects: projects)
    release = ReleaseOptions(arguments)
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { try release.check() }
    try mistakes.reading { try django.check() }
    try mistakes.reading { _ = try CodingOptions(arguments) }
    try mistakes.reading { _ = try CacheOptions.of(arguments) }
    try mistakes.reading { _ = try TalkOptions(arguments) }
    try mistakes.reading { _ = try sources() }
    try mistakes.refuse()
  }

  func run() async throws -> Int32 {
    let talk = try TalkOptions(arguments)
    // With `--report -`, standard output is the report; Django's command prints results itself.
    let printsResults =
      !talk.isQuiet && arguments.text(.report) != "-" && !DjangoHandover.isPresent
    var options = try collectOptions(talk, printsResults: printsResults)
    let report = try arguments.text(.report).map { try ReportFile($0, root: options.root) }
    options.reportFile = report?.file
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, talk.progressStyle)
    let outcome: CollectReport
    do throws(CollectError) {
      defer { display.end() }
      let root = options.root
      outcome = try await Collector(options).run(progress: progress) { holder in
        display.diagnose("another run is writing to '\(root)' (\(holder)); waiting for it")
      }
    } catch {
      let failure = CommandFailure(for: error, "nothing was published")
      // Wrong use leaves the previous report, which may be a file that it must not replace.
      if case .usage = error { throw failure }
      try report?.write(Self.report(options, error, failure))
      throw failure
    }
    try report?.write(outcome.json())
    for problem in outcome.problems { Console.diagnose(problem.description) }
    if let failure = outcome.cacheFailure {
      Console.diagnose("\(failure); results are not kept for the next run")
    }
    if printsResults { CollectSummary(outcome, isVerbose: talk.isVerbose).print() }
    return 0
  }

  private func collectOptions(
    _ talk: TalkOptions,
    printsResults: Bool
  ) throws -> CollectOptions {
    let sources = try sources()
    let project = try django.project(hasSources: !sources.isEmpty, isVerbose: talk.isVerbose) {
      $0.ignored = arguments.texts(.ignore)
      $0.usesDefaultIgnored = !arguments.isOn(.noDefaultIgnore)
      $0.root = release.root
      $0.isDryRun = arguments.isOn(.dryRun)
    }
    guard project != nil || !sources.isEmpty else {
      throw CommandFailure(
        .usage,
        "name a DIR to collect, or a Django project with --django; there is no manage.py here"
      )
    }
    if let project, printsResults { announce(project) }
    let coding = try CodingOptions(arguments)
    var options = try release.options(project, sources, jobs: coding.jobs)
    options.codings = coding.codings
    options.compressionMemory = coding.memory
    if let extensions = coding.skippedExtensions { options.skippedExtensions = extensions }
    options.cache = try CacheOptions.of(arguments)
    options.keepInputs(of: arguments)
    // Django's command needs the counts, and the names only if it prints them.
    options.namesEveryFile =
      talk.isVerbose || arguments.isGiven(.report) && !DjangoHandover.isPresent
    return options
  }

  /// The entries of STATICFILES_DIRS.
  private func sources() throws -> [CollectSource] {
    let place = arguments.words.isEmpty ? arguments.place(of: .source) : "source"
    return try arguments.texts(.source).map {
      .directory(try SourceDirectory(argument: $0, place))
    }
  }

  private func announce(_ project: DjangoProject) {
    let settings = project.settings.isEmpty ? "" : ", settings \(project.settings)"
    Console.print(
      "Asked the Django project (Django \(project.version)\(settings)) with \(project.python)"
    )
    guard !project.hashesNames, !arguments.isOn(.noPostProcess) else { return }
    Console.diagnose(
      "\(project.storage) names no files by their content; ManifestStaticFilesStorage does"
    )
  }

  private static func report(
    _ options: CollectOptions,
    _ error: CollectError,
    _ failure: CommandFailure
  ) -> [UInt8] {
    guard case .problems(let problems) = error else {
      return CollectReport(options).json(failure: failure.lines.joined(separator: "; "))
    }
    return CollectReport(options, problems: problems).json()
  }
}
