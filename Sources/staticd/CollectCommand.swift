internal import ArgumentParser
internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The command `staticd collect`.
struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Collect static files into one directory, named by content and compressed.",
    discussion: """
      Does what Django's collectstatic does with ManifestStaticFilesStorage, and what WhiteNoise \
      adds: every file is copied, and copied again under a name that changes with its content; \
      references in style sheets and scripts are rewritten to those names; staticfiles.json lists \
      them; .br and .gz are written beside each file that gets smaller by it. A release is \
      published in one step, or not at all.
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
  var sources: [String]

  @Option(help: ArgumentHelp("Where to: STATIC_ROOT. Made if need be.", valueName: "dir"))
  var root: String

  @Option(
    help: ArgumentHelp(
      "Where it will be served: STATIC_URL, a path or a whole URL.",
      valueName: "url"
    )
  )
  var url = "/static/"

  @Option(
    help: ArgumentHelp(
      "Leave out files and directories of this name; '*', '?' and '[abc]' match. Repeat for more.",
      valueName: "glob"
    )
  )
  var ignore: [String] = []

  @Flag(help: "Collect 'CVS', '.*' and '*~' too, which are left out otherwise.")
  var noDefaultIgnore = false

  @Flag(help: "Rewrite import and export in scripts, as Django does on request.")
  var jsModules = false

  @Option(
    help: ArgumentHelp(
      "Codings to compress to: 'br', 'gzip', or 'none'.",
      valueName: "list"
    )
  )
  var formats = "br,gzip"

  @Option(
    help: ArgumentHelp(
      "How many files to compress at a time. (default: one for each processor)",
      valueName: "n"
    )
  )
  var jobs: Int?

  @OptionGroup var cacheSettings: CacheSettings

  @Option(
    help: ArgumentHelp(
      "How many releases stay, the current one among them, so that pages of old ones work.",
      valueName: "n"
    )
  )
  var keepReleases = 3

  func run() async throws {
    let options = try collectOptions()
    do throws(CollectError) {
      let report = try await Collector(options).run {
        Console.diagnose("another collect is writing to '\(options.root)'; waiting for it")
      }
      summarize(report)
      if let failure = report.cacheFailure, options.cache?.isRequired == true {
        Console.diagnose("\(failure); results are not kept for the next run")
      }
    } catch {
      throw Self.failure(for: error)
    }
  }

  private func collectOptions() throws -> CollectOptions {
    guard let prefix = URLPrefix(url) else {
      throw CommandFailure(.usage, "--url '\(url)': give a path such as /static/, or a URL")
    }
    guard !root.isEmpty else { throw CommandFailure(.usage, "--root '': give a directory") }
    let count = jobs ?? Self.processorCount
    guard (1...1024).contains(count) else {
      throw CommandFailure(.usage, "--jobs \(count): give a number from 1 to 1024")
    }
    guard (1...1000).contains(keepReleases) else {
      throw CommandFailure(.usage, "--keep-releases \(keepReleases): give a number from 1 to 1000")
    }
    var options = CollectOptions(
      sources: try sources.map(Self.source),
      root: FilePath(root),
      staticURL: prefix.url,
      jobs: count
    )
    options.ignored = IgnorePatterns(ignore + (noDefaultIgnore ? [] : IgnorePatterns.defaults))
    options.rewritesModules = jsModules
    options.codings = try codings()
    options.keptReleaseCount = keepReleases
    options.cache = try cacheSettings.options()
    return options
  }

  /// `DIR` or `PREFIX=DIR`.
  private static func source(_ text: String) throws -> SourceDirectory {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // A directory with `=` in its name can be given with a slash before it.
    guard parts.count == 2, !parts[0].contains("./"), !parts[0].hasPrefix("/") else {
      return SourceDirectory(path: FilePath(text))
    }
    let prefix = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard prefix.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !parts[1].isEmpty else {
      throw CommandFailure(
        .usage,
        "source '\(text)': give PREFIX=DIR, the prefix without '.', '..' and slashes at its ends"
      )
    }
    return SourceDirectory(path: FilePath(String(parts[1])), prefix: FilePath(String(parts[0])))
  }

  private func codings() throws -> [ContentCoding] {
    guard formats != "none" else { return [] }
    return try formats.split(separator: ",", omittingEmptySubsequences: false).map { name in
      switch name {
      case "br": return .brotli
      case "gzip": return .gzip
      default:
        throw CommandFailure(.usage, "--formats '\(formats)': give 'br', 'gzip' or 'none'")
      }
    }
  }

  /// The sentence that collectstatic ends with, and one about the codings.
  private func summarize(_ report: CollectReport) {
    let copied = report.copiedCount
    var sentence = "\(copied) static file\(copied == 1 ? "" : "s") copied to '\(absoluteRoot)'"
    if report.unmodifiedCount > 0 { sentence += ", \(report.unmodifiedCount) unmodified" }
    if report.postProcessedCount > 0 {
      sentence += ", \(report.postProcessedCount) post-processed"
    }
    if !report.skipped.isEmpty {
      sentence += ", \(report.skipped.count) skipped due to conflict"
    }
    Console.print(sentence + ".")
    let parts = [(ContentCoding.brotli, ".br"), (.gzip, ".gz")].compactMap { coding, suffix in
      report.codings[coding].map { "\($0.fileCount) \(suffix) (\($0.byteCount) bytes)" }
    }
    if !report.pruned.isEmpty {
      let count = report.pruned.count
      Console.print("Removed \(count) file\(count == 1 ? "" : "s") of older releases.")
    }
    if !parts.isEmpty { Console.print("Compressed: \(parts.joined(separator: ", ")).") }
  }

  private var absoluteRoot: String { FilePath(root).absolute.description }

  private static func failure(for error: CollectError) -> CommandFailure {
    switch error {
    case .usage(let line): CommandFailure(.usage, line)
    case .system(let error): CommandFailure(.system, "\(error); nothing was published")
    case .interrupted(let error):
      CommandFailure(
        .system,
        "\(error); the release before is still the current one, collect again to mend it"
      )
    case .unflushed(let error):
      CommandFailure(
        .system,
        "\(error); the new release is published but may not outlast a crash, collect again"
      )
    case .cancelled: CommandFailure(.system, "cancelled; nothing was published")
    case .problems(let problems):
      CommandFailure(
        .input,
        lines: problems.map(\.description) + [summary(of: problems.count)]
      )
    }
  }

  private static func summary(of count: Int) -> String {
    "\(count) problem\(count == 1 ? "" : "s"); nothing was published"
  }

  private static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
