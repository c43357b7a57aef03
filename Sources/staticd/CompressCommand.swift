internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The command `staticd compress`.
struct CompressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Compress the files of a directory in place.",
    discussion: """
      What 'python -m whitenoise.compress' does: .br and .gz beside each file that gets smaller by \
      at least 5 %, with that file's times and mode. Codings that are not worth keeping and hold \
      something else than their file are removed. In a collected root, and below one, only files that no \
      manifest names are compressed, such as those of django-compressor.
      """
  )

  @Argument(help: ArgumentHelp("The directory.", valueName: "dir"))
  var directory: String

  @OptionGroup var compression: CompressionOptions
  @OptionGroup var output: TalkOptions

  @OptionGroup var configurationFile: ConfigurationOptions

  func run() async throws {
    guard !directory.isEmpty else { throw CommandFailure(.usage, "'': give a directory") }
    let jobs = try compression.jobCount()
    var options = CompressOptions(directory: FilePath(directory), jobs: jobs)
    options.codings = try compression.codings()
    options.skippedExtensions = try compression.skippedExtensions()
    let progress = CollectProgress()
    let display = ProgressDisplay(progress, output.progressStyle)
    let report: CompressReport
    do throws(CollectError) {
      defer { display.end() }
      report = try await DirectoryCompressor(options).run(progress: progress)
    } catch {
      throw CommandFailure(for: error, "some files may be compressed")
    }
    if !output.quiet { summarize(report) }
    guard report.problems.isEmpty else {
      throw CommandFailure(.input, lines: report.problems.map(\.description))
    }
  }

  private func summarize(_ report: CompressReport) {
    if output.verbose {
      for variant in report.variants where variant.isWritten {
        let (before, after) = (variant.originalByteCount / 1024, variant.byteCount / 1024)
        Console.print("Compressed \(variant.name) (\(before)K -> \(after)K)")
      }
    }
    for name in report.removed {
      Console.print("Removed \(name), which held something else than its file")
    }
    let counts = [(ContentCoding.brotli, ".br"), (.gzip, ".gz")].map { coding, suffix in
      let variants = report.variants.filter { $0.coding == coding }
      let byteCount = variants.reduce(0) { $0 + $1.byteCount }
      return "\(variants.count) \(suffix) (\(byteCount) bytes)"
    }
    if report.collectedCount > 0 {
      let files = report.collectedCount == 1 ? "1 file" : "\(report.collectedCount) files"
      Console.print("Left \(files) of the collected release to 'staticd collect'.")
    }
    let written = report.variants.count { $0.isWritten }
    Console.print("Compressed: \(counts.joined(separator: ", ")); \(written) written.")
  }
}
