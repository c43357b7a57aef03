internal import StaticAssets
internal import StaticCollector
internal import StaticPublisher

/// The options for the content of a release, and for publishing it in the root.
struct ReleaseOptions {
  private let arguments: MergedArguments

  /// How a reference to a missing file is reported.
  private enum MissingPolicy: String {
    case error, warn

    var severity: Problem.Severity { self == .error ? .error : .warning }
  }

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
  }

  /// The root that the options name; nil for none.
  var root: BytePath? { arguments.text(.root).map { BytePath($0) } }

  /// Throws the mistakes in the options that can be found without a project.
  func check() throws {
    _ = try options(nil, [], root: root ?? BytePath("."), jobs: nil)
  }

  /// The options of a run; `project` provides what the command line and configuration do not.
  func options(
    _ project: DjangoProject?,
    _ directories: [CollectSource],
    jobs: Int?
  ) throws -> CollectOptions {
    guard let root = root ?? project?.root else {
      throw CommandFailure(.usage, "--root DIR is missing; it names the directory to collect to")
    }
    return try options(project, directories, root: root, jobs: jobs)
  }

  private func options(
    _ project: DjangoProject?,
    _ directories: [CollectSource],
    root: BytePath,
    jobs: Int?
  ) throws -> CollectOptions {
    var mistakes = Mistakes()
    let leavingOut = arguments.place(of: .noPostProcess)
    if arguments.isOn(.noPostProcess), arguments.isOn(.keepOnlyHashed) {
      mistakes.add(
        "\(arguments.place(of: .keepOnlyHashed)) needs what \(leavingOut) leaves out"
      )
    }
    let url = try mistakes.reading { try staticURL(project) }
    let dictionaries = try mistakes.reading(each: arguments.texts(.dictionary), dictionary)
    let hashedNames = try mistakes.reading { try ImmutableNames.all(of: arguments) }
    let earlier = try mistakes.reading(each: arguments.texts(.fromRelease), earlierRelease)
    if arguments.isOn(.noPostProcess), !earlier.isEmpty {
      mistakes.add(
        "\(arguments.place(of: .fromRelease)) needs what \(leavingOut) leaves out"
      )
    }
    try mistakes.refuse()
    var options = CollectOptions(sources: directories, root: root)
    if let project {
      do throws(CollectError) {
        options = try CollectOptions(project, root: root)
      } catch {
        throw CommandFailure(for: error, "nothing was published")
      }
    }
    if let url { options.staticURL = url }
    options.jobs = jobs
    if let rules: DjangoRules = arguments.choice(.rules) { options.rules = rules }
    if project == nil { options.ignored = IgnorePatterns(arguments: arguments) }
    if arguments.isOn(.noPostProcess) { options.postProcesses = false }
    if arguments.isOn(.jsModules) { options.rewritesModules = true }
    if arguments.isOn(.keepOnlyHashed) { options.keepsOnlyHashed = true }
    // Without hashed names there is nothing to keep.
    if !options.postProcesses { options.keepsOnlyHashed = false }
    options.hashedNames = hashedNames ?? []
    options.earlierReleases = options.postProcesses ? earlier : []
    options.sourceTime = arguments.number(.sourceDate).map(Int64.init)
    let missing: MissingPolicy? = arguments.choice(.missing)
    let missingSourceMaps: MissingPolicy? = arguments.choice(.missingSourceMaps)
    options.missingReferences = (missing ?? .error).severity
    options.missingSourceMaps = (missingSourceMaps ?? .warn).severity
    options.linksOriginals = arguments.isOn(.link)
    options.clearsRoot = arguments.isOn(.clear)
    options.keptReleaseCount = arguments.number(.keepReleases) ?? options.keptReleaseCount
    options.dictionaries = dictionaries
    options.deltaReleaseCount = arguments.number(.deltas) ?? options.deltaReleaseCount
    options.isFlushed = arguments.text(.durability) != "none"
    options.isDryRun = arguments.isOn(.dryRun)
    if let mode = mode(.fileMode) { options.fileMode = mode.bits }
    if let mode = mode(.directoryMode) { options.directoryMode = mode.bits }
    return options
  }

  /// `GLOB=FILE`.
  private func dictionary(_ text: String) throws -> SiteDictionary {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw arguments.failure(
        .dictionary,
        text,
        "give a pattern and a file, as in '*.html=dict.dat'"
      )
    }
    return SiteDictionary(BytePath(String(parts[1])), for: String(parts[0]))
  }

  private func staticURL(_ project: DjangoProject?) throws -> String {
    if let url = arguments.text(.url) {
      guard let prefix = URLPrefix(url) else {
        throw arguments.failure(.url, url, "give a path such as /static/, or a URL")
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

  /// `URL` or `DIR`; the only place that maps URL schemes to stores.
  private func earlierRelease(_ text: String) throws -> EarlierRelease {
    let isOptional = arguments.isOn(.fromReleaseOptional)
    let scheme = text.contains(text: "://") ? String(text.prefix { $0 != ":" }).lowercased() : ""
    switch scheme {
    case "":
      guard !text.isEmpty else {
        throw arguments.failure(.fromRelease, text, "give a directory or a URL")
      }
      return EarlierRelease(DirectoryStore(BytePath(text)), isOptional: isOptional)
    case "http", "https", "s3":
      do throws(ReleaseStoreError) {
        let store: any ReleaseStore =
          scheme == "s3" ? try PublishedReleases(text) : try SiteReleases(text)
        return EarlierRelease(store, isOptional: isOptional)
      } catch {
        throw arguments.failure(.fromRelease, text, error.description)
      }
    default:
      throw arguments.failure(.fromRelease, text, "give a directory, or a URL: http, https or s3")
    }
  }

  /// A mode that is given; nil bits stand for the umask.
  private struct Mode {
    let bits: UInt32?
  }

  /// The mode; nil if none is given.
  ///
  /// The option table has already refused malformed modes.
  private func mode(_ name: OptionName) -> Mode? {
    arguments.text(name).map { Mode(bits: ModeText.bits(octal: $0)) }
  }
}

extension IgnorePatterns {
  /// The names to ignore without a Django project.
  init(arguments: MergedArguments) {
    self.init(
      arguments.texts(.ignore) + (arguments.isOn(.noDefaultIgnore) ? [] : IgnorePatterns.defaults)
    )
  }
}
