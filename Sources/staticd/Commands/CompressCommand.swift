internal import StaticAssets
internal import StaticCollector

/// The command `staticd compress`.
struct CompressCommand: ConcurrentCommand {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { _ = try CodingOptions(arguments) }
    try mistakes.reading { _ = try TalkOptions(arguments) }
    try mistakes.refuse()
  }

  func run() async throws -> Int32 {
    guard let directory = arguments.words.first, !directory.isEmpty else {
      throw CommandFailure(.usage, "name the DIR whose files are to be compressed")
    }
    let talk = try TalkOptions(arguments)
    let coding = try CodingOptions(arguments)
    var options = CompressOptions(directory: BytePath(directory), jobs: coding.jobs)
    options.codings = coding.codings
    options.compressionMemory = coding.memory
    options.skippedExtensions = coding.skippedExtensions
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, talk.progressStyle)
    let report: CompressReport
    do throws(CollectError) {
      defer { display.end() }
      report = try await DirectoryCompressor(options).run(progress: progress)
    } catch {
      throw CommandFailure(for: error, "some files may be compressed")
    }
    if !talk.isQuiet { summarize(report, isVerbose: talk.isVerbose) }
    for problem in report.problems { Console.diagnose(problem.description) }
    return report.problems.contains { $0.severity == .error } ? ExitStatus.input.rawValue : 0
  }

  private func summarize(_ report: CompressReport, isVerbose: Bool) {
    if isVerbose {
      for variant in report.variants where variant.isWritten {
        let (before, after) = (variant.originalByteCount, variant.byteCount)
        Console.print(
          "Compressed \(variant.name) (\(Count.bytes(before)) -> \(Count.bytes(after)))"
        )
      }
    }
    for name in report.removed {
      Console.print("Removed \(name), which did not decode to its file")
    }
    let counts = [(ContentCoding.brotli, ".br"), (.gzip, ".gz")].map { coding, suffix in
      let variants = report.variants.filter { $0.coding == coding }
      let byteCount = variants.reduce(0) { $0 + $1.byteCount }
      return "\(variants.count) \(suffix) (\(Count.bytes(byteCount)))"
    }
    if report.collectedCount > 0 {
      let files = Count.of(report.collectedCount, "file")
      Console.print("Left \(files) of the collected release to 'staticd collect'.")
    }
    let written = report.variants.count { $0.isWritten }
    Console.print("Compressed: \(counts.joined(separator: ", ")); \(written) written.")
  }
}
