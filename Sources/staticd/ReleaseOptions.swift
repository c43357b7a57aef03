internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// What a release is made of and how it gets into the root.
struct ReleaseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where to: STATIC_ROOT. Made if need be. (default: that of the Django project)",
      valueName: "dir"
    )
  )
  var root: String?

  @Option(
    help: ArgumentHelp(
      """
      Where it will be served: STATIC_URL, a path or a whole URL. (default: that of the Django \
      project, or /static/)
      """,
      valueName: "url"
    )
  )
  var url: String?

  @Option(
    help: ArgumentHelp(
      "Leave out files and directories of this name; '*', '?' and '[abc]' match. Repeat for more.",
      valueName: "glob"
    )
  )
  var ignore: [String] = []

  @Flag(help: "Collect 'CVS', '.*' and '*~' too, which are left out otherwise.")
  var noDefaultIgnore = false

  @Flag(help: "Remove everything else from the root when the release is published.")
  var clear = false

  @Flag(help: "Link files under their own names to their sources instead of copying them.")
  var link = false

  @Flag(help: "Look for every problem and tell what would be done; write nothing.")
  var dryRun = false

  @Flag(help: "Copy and compress only: no hashed names, no manifests.")
  var noPostProcess = false

  @Flag(help: "Publish files that have a hashed name under that alone.")
  var keepOnlyHashed = false

  @Flag(help: "Rewrite import and export in scripts, as Django does on request.")
  var jsModules = false

  @Option(
    help: ArgumentHelp(
      """
      Files whose names change with their content already: they keep their names, and what is in \
      them. 'vite' and 'webpack' stand for what these call their files. Repeat for more.
      """,
      valueName: "glob"
    )
  )
  var immutable: [String] = []

  @Option(
    help: ArgumentHelp("References to files that are not collected.", valueName: "error|warn")
  )
  var missing = MissingPolicy.error

  @Option(
    help: ArgumentHelp("References to source maps that are not.", valueName: "error|warn")
  )
  var missingSourceMaps = MissingPolicy.warn

  @Option(
    help: ArgumentHelp(
      """
      The mode of every file in octal digits, or 'umask'. (default: FILE_UPLOAD_PERMISSIONS of the \
      Django project, or 644)
      """,
      valueName: "mode"
    )
  )
  var fileMode: String?

  @Option(
    help: ArgumentHelp(
      """
      The mode of every directory that is made, or 'umask'. (default: \
      FILE_UPLOAD_DIRECTORY_PERMISSIONS of the Django project, or umask)
      """,
      valueName: "mode"
    )
  )
  var directoryMode: String?

  @Option(
    help: ArgumentHelp(
      "How many releases stay, the current one among them, so that pages of old ones work.",
      valueName: "n"
    )
  )
  var keepReleases = 3

  /// What comes of a reference that leads nowhere.
  enum MissingPolicy: String, ExpressibleByArgument, CaseIterable {
    case error, warn

    var severity: Problem.Severity { self == .error ? .error : .warning }
  }

  /// The options of a run, with what `project` says where nothing else is said.
  func options(
    _ project: DjangoProject?,
    _ directories: [CollectSource],
    jobs: Int?
  ) throws -> CollectOptions {
    guard (1...1000).contains(keepReleases) else {
      throw CommandFailure(.usage, "--keep-releases \(keepReleases): give a number from 1 to 1000")
    }
    guard !(noPostProcess && keepOnlyHashed) else {
      throw CommandFailure(.usage, "--keep-only-hashed needs what --no-post-process leaves out")
    }
    let root = try rootDirectory(project)
    var options =
      try project.map { try CollectOptions($0, root: root) }
      ?? CollectOptions(sources: directories, root: root)
    options.staticURL = try staticURL(project)
    options.jobs = jobs
    if project == nil {
      options.ignored = IgnorePatterns(ignore + (noDefaultIgnore ? [] : IgnorePatterns.defaults))
    }
    if noPostProcess { options.postProcesses = false }
    if jsModules { options.rewritesModules = true }
    if keepOnlyHashed { options.keepsOnlyHashed = true }
    // Where no names are hashed there is nothing to keep.
    if !options.postProcesses { options.keepsOnlyHashed = false }
    options.hashedNames = try immutable.map(Self.immutableNames)
    options.missingReferences = missing.severity
    options.missingSourceMaps = missingSourceMaps.severity
    options.linksOriginals = link
    options.clearsRoot = clear
    options.keptReleaseCount = keepReleases
    options.isDryRun = dryRun
    if let mode = try Self.mode(fileMode, "--file-mode") { options.fileMode = mode.bits }
    if let mode = try Self.mode(directoryMode, "--directory-mode") {
      options.directoryMode = mode.bits
    }
    return options
  }

  private func rootDirectory(_ project: DjangoProject?) throws -> FilePath {
    guard let root else {
      guard let root = project?.root else {
        throw CommandFailure(.usage, "--root DIR is missing; it names the directory to collect to")
      }
      return root
    }
    guard !root.isEmpty else { throw CommandFailure(.usage, "--root '': give a directory") }
    return FilePath(root)
  }

  private func staticURL(_ project: DjangoProject?) throws -> String {
    if let url {
      guard let prefix = URLPrefix(url) else {
        throw CommandFailure(.usage, "--url '\(url)': give a path such as /static/, or a URL")
      }
      return prefix.url
    }
    guard let project else { return "/static/" }
    guard let prefix = URLPrefix(project.staticURL) else {
      throw CommandFailure(
        .usage,
        "STATIC_URL is '\(project.staticURL)': make it a path such as /static/, or a URL"
      )
    }
    return prefix.url
  }

  private static func immutableNames(_ text: String) throws -> ImmutableNames {
    switch text {
    case "": throw CommandFailure(.usage, "--immutable '': give a pattern, 'vite' or 'webpack'")
    case "vite": .vite
    case "webpack": .webpack
    default: .glob(text)
    }
  }

  /// A mode that was asked for; no bits stand for the umask's.
  private enum Mode {
    case known(UInt32?)

    var bits: UInt32? {
      switch self {
      case .known(let bits): bits
      }
    }
  }

  private static func mode(_ text: String?, _ option: String) throws -> Mode? {
    guard let text else { return nil }
    guard text != "umask" else { return .known(nil) }
    guard let bits = ModeText.bits(octal: text) else {
      throw CommandFailure(.usage, "\(option) '\(text)': give octal digits such as 644, or 'umask'")
    }
    return .known(bits)
  }
}
