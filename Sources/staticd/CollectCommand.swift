internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The command `staticd collect`.
struct CollectCommand: AsyncParsableCommand, OptionChecking {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Collect static files into one directory, named by content and compressed.",
    discussion: """
      Does what Django's collectstatic does with ManifestStaticFilesStorage, and what WhiteNoise \
      adds: every file is copied, and copied again under a name that changes with its content; \
      references in style sheets and scripts are rewritten to those names; staticfiles.json lists \
      them; .br and .gz are written beside each file that gets smaller by it. A release is \
      published in one step, or not at all. In a Django project it needs no argument.
      """
  )

  @Argument(
    help: ArgumentHelp(
      """
      STATICFILES_DIRS in order of priority: of two files with one destination the first is \
      collected. 'vendor=node_modules/x/dist' puts a directory's files below 'vendor/'.
      """,
      valueName: "[PREFIX=]DIR"
    )
  )
  var directories: [String] = []

  @Option(
    name: .customLong("source"),
    help: ArgumentHelp(
      "The same, one with each --source, where no DIR is named.",
      valueName: "[PREFIX=]DIR"
    )
  )
  var namedDirectories: [String] = []

  @OptionGroup var django: DjangoOptions
  @OptionGroup var release: ReleaseOptions
  @OptionGroup var compression: CompressionOptions
  @OptionGroup var cacheSettings: CacheSettings
  @OptionGroup var reporting: ReportOptions
  @OptionGroup var output: TalkOptions

  @OptionGroup var configurationFile: ConfigurationOptions

  func run() async throws {
    let report = try reporting.open()
    let options = try collectOptions()
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, output.progressStyle)
    let outcome: CollectReport
    do throws(CollectError) {
      defer { display.end() }
      outcome = try await Collector(options).run(progress: progress) {
        display.diagnose("another collect is writing to '\(options.root)'; waiting for it")
      }
    } catch {
      let failure = CommandFailure(for: error, "nothing was published")
      try report?.write(Self.report(options, error, failure))
      throw failure
    }
    try report?.write(outcome.json())
    for problem in outcome.problems { Console.diagnose(problem.description) }
    if let failure = outcome.cacheFailure, options.cache?.isRequired == true {
      Console.diagnose("\(failure); results are not kept for the next run")
    }
    if printsResults {
      CollectSummary(outcome, isVerbose: output.verbose).print()
    }
  }

  func checkOptions() throws {
    var release = release
    // The rest can be judged without one.
    if release.root == nil { release.root = "." }
    _ = try release.options(nil, [], jobs: try compression.jobCount())
    _ = try compression.codings()
    _ = try compression.skippedExtensions()
    _ = try cacheSettings.options()
    _ = try namedDirectories.map { try SourceDirectory(argument: $0) }
  }

  private func collectOptions() throws -> CollectOptions {
    let project = try django.project(hasSources: !sources.isEmpty, isVerbose: output.verbose) {
      $0.ignored = release.ignore
      $0.usesDefaultIgnored = !release.noDefaultIgnore
      $0.root = release.root.map { FilePath($0) }
    }
    guard project != nil || !sources.isEmpty else {
      throw CommandFailure(
        .usage,
        "name a DIR to collect, or a Django project with --django; there is no manage.py here"
      )
    }
    if let project, printsResults { announce(project) }
    let option = directories.isEmpty ? "--source" : "source"
    let listed = try sources.map {
      try CollectSource.directory(SourceDirectory(argument: $0, option))
    }
    var options = try release.options(project, listed, jobs: compression.jobCount())
    options.codings = try compression.codings()
    if let extensions = try compression.skippedExtensions() {
      options.skippedExtensions = extensions
    }
    options.cache = try cacheSettings.options()
    options.namesEveryFile = output.verbose || reporting.report != nil
    return options
  }

  /// The entries of STATICFILES_DIRS.
  private var sources: [String] { directories.isEmpty ? namedDirectories : directories }

  /// Whether results for people go to standard output.
  private var printsResults: Bool { !output.quiet && !reporting.hasStandardOutput }

  private func announce(_ project: DjangoProject) {
    let settings = project.settings.isEmpty ? "" : ", settings \(project.settings)"
    Console.print(
      "Asked the Django project (Django \(project.version)\(settings)) with \(project.python)"
    )
    guard !project.hashesNames, !release.noPostProcess else { return }
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
