internal import StaticAssets
internal import StaticCollector

/// The command `staticd find`.
struct FindCommand: BlockingCommand {
  private let arguments: MergedArguments
  private let django: DjangoOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    django = DjangoOptions(arguments: arguments, projects: projects)
  }

  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { try django.check() }
    try mistakes.reading { _ = try sources() }
    try mistakes.refuse()
  }

  func run() throws -> Int32 {
    guard !arguments.words.isEmpty else {
      throw CommandFailure(.usage, "name what to find: staticd find css/app.css")
    }
    let destinations = arguments.words.map { BytePath($0) }
    let found = try find(destinations)
    let missing = destinations.filter { name in !found.contains { $0.name == name } }
    if arguments.isOn(.json) {
      Console.print(bytes: found.json(missing: missing))
    } else {
      for file in found { print(file) }
    }
    guard missing.isEmpty else {
      throw CommandFailure(.input, lines: missing.map { "No matching file found for '\($0)'." })
    }
    return 0
  }

  private func find(_ destinations: [BytePath]) throws -> [FoundFile] {
    let sources = try sources()
    let project = try django.project(
      hasSources: !sources.isEmpty,
      isVerbose: arguments.isOn(.verbose)
    ) {
      $0.purpose = .finding(destinations)
    }
    guard let project else {
      let listing = try list(sources)
      return destinations.compactMap { listing.find($0) }
    }
    let ignored = IgnorePatterns(arguments.texts(.ignore))
    return project.found.filter { !ignored.ignores($0.name) }
  }

  private func sources() throws -> [CollectSource] {
    try arguments.texts(.source).map {
      .directory(try SourceDirectory(argument: $0, arguments.place(of: .source)))
    }
  }

  private func list(_ sources: [CollectSource]) throws -> SourceListing {
    guard !sources.isEmpty else {
      throw CommandFailure(
        .usage,
        "name a directory with --source, or a Django project with --django"
      )
    }
    do throws(FileError) {
      return try SourceListing(sources, ignored: IgnorePatterns(arguments: arguments))
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
