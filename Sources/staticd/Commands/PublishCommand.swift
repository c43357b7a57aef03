internal import StaticAssets
internal import StaticCollector
internal import StaticPublisher

/// The command `staticd publish`.
struct PublishCommand: BlockingCommand {
  private let arguments: MergedArguments
  private let publishing: PublishingOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    publishing = PublishingOptions(arguments)
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { try publishing.check() }
    try mistakes.reading { _ = try TalkOptions(arguments) }
    try mistakes.refuse()
  }

  func run() throws -> Int32 {
    let talk = try TalkOptions(arguments)
    let report = try arguments.text(.report).map { try ReportFile($0) }
    let store = try publishing.store()
    let options = try publishing.options()
    try refuseReport(at: report?.file, root: options.root)
    for line in try publishing.refusedFields() { Console.diagnose(line) }
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, talk.progressStyle)
    var outcome = PublishReport(options, store.address)
    do throws(StoreError) {
      defer { display.end() }
      try Publisher(options, store, progress).run(reporting: &outcome)
    } catch {
      let failure = CommandFailure(for: error, "publish again to go on")
      try report?.write(outcome.json(failure: failure.lines.joined(separator: "; ")))
      throw failure
    }
    try report?.write(outcome.json())
    // With `--report -`, standard output is the report.
    if !talk.isQuiet, arguments.text(.report) != "-" {
      print(outcome, namesObjects: talk.isVerbose || options.isDryRun)
    }
    return 0
  }

  /// Throws if the report would replace what `collect` or this command reads.
  private func refuseReport(at file: BytePath?, root: BytePath) throws {
    guard let file else { return }
    var options = try CollectOptions(inputsOf: arguments, root: root)
    options.reportFile = file
    do throws(CollectError) {
      try Collector(options).checkReport()
    } catch {
      throw CommandFailure(for: error, "nothing was published")
    }
  }

  private func print(_ outcome: PublishReport, namesObjects: Bool) {
    if namesObjects {
      for (names, verb, pretended) in [
        (outcome.sent, "Sent", "send"), (outcome.updated, "Sent anew", "send anew"),
        (outcome.removed, "Removed", "remove"),
      ] {
        for name in names {
          Console.print("\(outcome.isDryRun ? "Pretending to \(pretended)" : verb) '\(name)'")
        }
      }
    }
    Console.print(outcome.description)
  }
}
