internal import ArgumentParser
internal import StaticCollector

/// How much is told.
struct TalkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to show how far it is: a bar on a terminal and lines elsewhere, or what you say.",
      valueName: "auto|bar|plain|none"
    )
  )
  var progress = ProgressStyle.auto

  @Flag(name: .shortAndLong, help: "Name every file, and show what a Django project prints.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Say nothing unless there is something wrong.")
  var quiet = false

  func validate() throws {
    guard !(verbose && quiet) else {
      throw ValidationError("--verbose and --quiet are opposites; give one of them")
    }
  }

  /// How progress is shown.
  var progressStyle: ProgressStyle { quiet ? .none : progress }
}

/// Where a report goes.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the whole outcome as JSON; '-' is standard output.",
      valueName: "file"
    )
  )
  var report: String?

  /// Whether standard output is the report's.
  var hasStandardOutput: Bool { report == "-" }

  /// The report's file, checked before the work is done, which would be in vain otherwise.
  func open() throws -> ReportFile? {
    try report.map { try ReportFile($0) }
  }
}
