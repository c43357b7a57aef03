internal import StaticAssets
internal import StaticCollector

/// What collectstatic says when it is done, in its words, and a line about the codings.
struct CollectSummary {
  private let report: CollectReport
  private let options: CollectOptions
  private let isVerbose: Bool

  init(_ report: CollectReport, _ options: CollectOptions, isVerbose: Bool) {
    self.report = report
    self.options = options
    self.isVerbose = isVerbose
  }

  /// Writes it to standard output.
  func print() {
    if isVerbose || report.isDryRun { printFiles() }
    if isVerbose { printDetails() }
    Console.print(sentence)
    let parts = [(ContentCoding.brotli, ".br"), (.gzip, ".gz")].compactMap { coding, suffix in
      report.codings[coding].map { "\($0.fileCount) \(suffix) (\($0.byteCount) bytes)" }
    }
    if !report.pruned.isEmpty {
      let count = report.pruned.count
      Console.print("Removed \(count) file\(count == 1 ? "" : "s") of older releases.")
    }
    if !parts.isEmpty { Console.print("Compressed: \(parts.joined(separator: ", ")).") }
    if report.isDryRun { Console.print("Nothing was written: this was a dry run.") }
  }

  private var sentence: String {
    let files = options.linksOriginals ? report.linked : report.copied
    var sentence = ""
    if !report.deleted.isEmpty { sentence += "\(Self.count(report.deleted)) deleted, " }
    sentence += "\(Self.count(files)) \(options.linksOriginals ? "symlinked" : "copied")"
    sentence += " to '\(report.root)'"
    if report.unmodifiedCount > 0 { sentence += ", \(report.unmodifiedCount) unmodified" }
    if report.postProcessedCount > 0, !report.isDryRun {
      sentence += ", \(report.postProcessedCount) post-processed"
    }
    if !report.skipped.isEmpty {
      sentence += ", \(report.skipped.count) skipped due to conflict"
    }
    return sentence + "."
  }

  private static func count(_ files: [FilePath]) -> String {
    "\(files.count) static file\(files.count == 1 ? "" : "s")"
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
