internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The command `staticd check`.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Verify the configuration, and a collected root: manifests, names, contents, codings.",
    discussion: """
      Reads what is configured for every command, and every file that a manifest names: its content must be the one that its hashed name and \
      staticd.json say, and what is compressed must decode to it. Ends with 1 if anything is wrong, \
      all of it listed. In a Django project it checks the project's STATIC_ROOT.
      """
  )

  @Option(
    help: ArgumentHelp("The directory. (default: that of the Django project)", valueName: "dir")
  )
  var root: String?

  @OptionGroup var django: DjangoOptions

  @Option(
    help: ArgumentHelp(
      "How many files to read at a time. (default: one for each processor)",
      valueName: "n"
    )
  )
  var jobs: Int?

  @OptionGroup var output: TalkOptions

  @OptionGroup var configurationFile: ConfigurationOptions

  func run() async throws {
    try ConfigurationCheck(path: configurationFile.config, given: try typedValues()).run()
    let root = try rootDirectory()
    let jobs = try JobCount.checked(jobs)
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, output.progressStyle)
    let report: RootReport
    do throws(CollectError) {
      defer { display.end() }
      report = try await RootCheck(root: root, jobs: jobs).run(progress: progress)
    } catch {
      throw CommandFailure(for: error, "nothing was checked")
    }
    guard report.problems.isEmpty else {
      let count = report.problems.count
      let summary = "\(count) problem\(count == 1 ? "" : "s") in '\(root.absolute)'"
      throw CommandFailure(.input, lines: report.problems.map(\.description) + [summary])
    }
    guard !output.quiet else { return }
    Console.print(
      "\(report.fileCount) files (\(report.byteCount) bytes) in '\(root.absolute)' are as they "
        + "should be."
    )
  }

  /// The values on the command line, without those of other places.
  private func typedValues() throws -> [String: String] {
    let options = OptionCatalogue().options(of: Self.configuration.commandName ?? "") ?? []
    return try GivenArguments(CommandLine.arguments.dropFirst(2), options).values
  }

  private func rootDirectory() throws -> FilePath {
    let project = try django.project(hasSources: root != nil, isVerbose: output.verbose) { _ in }
    if let root {
      guard !root.isEmpty else { throw CommandFailure(.usage, "--root '': give a directory") }
      return FilePath(root)
    }
    guard let root = project?.root else {
      throw CommandFailure(
        .usage,
        "name the directory with --root, or a Django project with --django"
      )
    }
    return root
  }
}
