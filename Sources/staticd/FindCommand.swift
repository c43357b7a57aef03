internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The command `staticd find`.
struct FindCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find",
    abstract: "Tell which source provides a file, and which ones it hides.",
    discussion: """
      What Django's findstatic does: NAME is a destination, such as css/app.css. In a Django project \
      it asks the finders of the project if no source is named; they find directories too. Ends with 1 \
      if a name is not found.
      """
  )

  @Argument(help: ArgumentHelp("Destinations below STATIC_ROOT.", valueName: "name"))
  var names: [String]

  @Option(
    name: .customLong("source"),
    help: ArgumentHelp(
      "STATICFILES_DIRS in order of priority, one with each --source.",
      valueName: "[prefix=]dir"
    )
  )
  var sources: [String] = []

  @Option(
    help: ArgumentHelp("Leave out files and directories of this name.", valueName: "glob")
  )
  var ignore: [String] = []

  @Flag(help: "Find 'CVS', '.*' and '*~' too, which are not collected otherwise.")
  var noDefaultIgnore = false

  @OptionGroup var django: DjangoOptions

  @Flag(help: "Write JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show what a Django project prints.")
  var verbose = false

  @OptionGroup var configurationFile: ConfigurationOptions

  func run() throws {
    let destinations = names.map { FilePath($0) }
    let found = try find(destinations)
    let missing = destinations.filter { name in !found.contains { $0.name == name } }
    if json {
      Console.print(bytes: found.json(missing: missing))
    } else {
      for file in found { print(file) }
    }
    guard missing.isEmpty else {
      throw CommandFailure(.input, lines: missing.map { "No matching file found for '\($0)'." })
    }
  }

  private func find(_ destinations: [FilePath]) throws -> [FoundFile] {
    let project = try django.project(hasSources: !sources.isEmpty, isVerbose: verbose) {
      $0.purpose = .finding(destinations)
    }
    guard let project else {
      let listing = try list()
      return destinations.compactMap { listing.find($0) }
    }
    let ignored = IgnorePatterns(ignore)
    return project.found.filter { !ignored.ignores($0.name) }
  }

  private func list() throws -> SourceListing {
    guard !sources.isEmpty else {
      throw CommandFailure(
        .usage,
        "name a directory with --source, or a Django project with --django"
      )
    }
    let patterns = ignore + (noDefaultIgnore ? [] : IgnorePatterns.defaults)
    let directories = try sources.map { try CollectSource.directory(SourceDirectory(argument: $0)) }
    do throws(FileError) {
      return try SourceListing(directories, ignored: IgnorePatterns(patterns))
    } catch {
      throw CommandFailure(.usage, "\(error)")
    }
  }

  private func print(_ file: FoundFile) {
    Console.print("Found '\(file.name)' here:\n  \(file.path)")
    guard !file.hidden.isEmpty else { return }
    Console.print("It hides:")
    for path in file.hidden { Console.print("  \(path)") }
  }
}
