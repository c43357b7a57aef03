internal import StaticAssets
internal import StaticCollector

/// The summary of a run, with every file for `--verbose`.
struct CollectSummary {
  private let report: CollectReport
  private let isVerbose: Bool

  init(_ report: CollectReport, isVerbose: Bool) {
    self.report = report
    self.isVerbose = isVerbose
  }

  /// Writes the summary to standard output.
  func print() {
    if isVerbose || report.isDryRun { printFiles() }
    if isVerbose { printDetails() }
    Console.print(report.description)
  }

  private func printFiles() {
    let isDryRun = report.isDryRun
    for name in report.deleted {
      Console.print("\(isDryRun ? "Pretending to delete" : "Deleting") '\(name)'")
    }
    for (names, verb, pretended) in [
      (report.copied, "Copying", "copy"), (report.linked, "Linking", "link"),
    ] {
      for name in names {
        let source = report.copiedFrom[name]?.absolute ?? name
        Console.print("\(isDryRun ? "Pretending to \(pretended)" : verb) '\(source)'")
      }
    }
  }

  private func printDetails() {
    for name in report.unmodified { Console.print("Skipping '\(name)' (not modified)") }
    for name in report.skipped {
      Console.print(
        "Found another file with the destination path '\(name)'. It will be ignored since only the "
          + "first encountered file is collected."
      )
    }
    for entry in report.postProcessed where entry.isWritten {
      Console.print("Post-processed '\(entry.name)' as '\(entry.hashed)'")
    }
  }
}
