internal import Glibc
internal import StaticAssets
internal import StaticCollector

/// The directories to serve.
struct MountOptions {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
  }

  /// A mount, and the option that names it.
  struct Named {
    let mount: FileTable.Mount
    /// The option and its origin: `staticd.toml:2: --public`.
    let option: String
  }

  /// Whether the sources are served.
  var isRefreshed: Bool { arguments.isOn(.autorefresh) }

  /// Whether the options name anything to serve.
  var areNamed: Bool {
    isRefreshed || [.root, .public, .source, .live].contains { arguments.isGiven($0) }
  }

  /// The mounts; throws every mistake in them.
  ///
  /// - Parameter isProxy: whether there is an app, which may answer all requests.
  func mounts(isProxy: Bool) throws -> [Named] {
    var mistakes = Mistakes()
    let mounts = try mounts(&mistakes)
    try mistakes.refuse()
    guard !mounts.isEmpty || isProxy || !arguments.texts(.live).isEmpty else {
      throw CommandFailure(
        .usage,
        "nothing to serve; give --root DIR, --public DIR, or both; or --autorefresh with --source "
          + "DIR; or an app alone with --upstream"
      )
    }
    return mounts
  }

  /// The mounts without mistakes.
  ///
  /// - Parameter mistakes: receives the mistakes in the other mounts.
  func mounts(_ mistakes: inout Mistakes) throws -> [Named] {
    var mounts: [Named] = []
    let url = arguments.text(.url) ?? ""
    let prefix = URLPrefix(url)
    if prefix == nil {
      mistakes.add("\(arguments.place(of: .url, url)): give a path such as /static/")
    }
    let path = prefix?.path ?? "/"
    if let root = arguments.text(.root) {
      let mount = FileTable.Mount(root, at: path, kind: .collected)
      mounts.append(Named(mount: mount, option: arguments.place(of: .root)))
    }
    mounts += try mistakes.reading(each: arguments.texts(.public)) { text in
      Named(mount: try publicMount(text), option: arguments.place(of: .public))
    }
    let sources = arguments.texts(.source)
    if let source = sources.first, !isRefreshed {
      mistakes.add(
        arguments.place(of: .source, source)
          + ": sources are served with --autorefresh; collect them otherwise"
      )
    } else {
      // The first source wins, but the last mount does: reverse the order.
      mounts += try mistakes.reading(each: sources.reversed()) { try sourceMount($0, path) }
    }
    return mounts
  }

  private func sourceMount(_ text: String, _ url: String) throws -> Named {
    let option = arguments.place(of: .source)
    let source = try SourceDirectory(argument: text, option)
    let mount = FileTable.Mount(
      source.path.description,
      at: source.prefix.isEmpty ? url : "\(url)\(source.prefix)/",
      in: url,
      kind: .source
    )
    return Named(mount: mount, option: option)
  }

  private func publicMount(_ text: String) throws -> FileTable.Mount {
    let (url, directory) = try place(.public, text)
    return FileTable.Mount(directory, at: url, kind: .public)
  }

  /// The directories of uploads (`--live`), in the order given.
  func liveDirectories() throws -> [LiveDirectory] {
    var mistakes = Mistakes()
    let isActive = arguments.isOn(.liveActive)
    let directories = try mistakes.reading(each: arguments.texts(.live)) { text in
      let (url, directory) = try place(.live, text)
      let type = TablePlan.kind(directory)
      guard type == nil || type == S_IFDIR else {
        throw arguments.failure(.live, text, "'\(directory)' is no directory; name one")
      }
      return LiveDirectory(directory, at: url, kind: .uploads(allowsActiveContent: isActive))
    }
    try mistakes.refuse()
    return directories
  }

  /// `DIR`, or `/URL/=DIR`.
  private func place(
    _ option: OptionName,
    _ text: String
  ) throws -> (url: String, directory: String) {
    var (prefix, directory) = ("/", text)
    if text.hasPrefix("/"), let end = text.firstRange(ofText: "/=") {
      prefix = String(text[..<text.index(after: end.lowerBound)])
      directory = String(text[end.upperBound...])
    }
    guard !directory.isEmpty, !prefix.hasPrefix("//"), let url = URLPrefix(prefix) else {
      throw arguments.failure(
        option,
        text,
        "give DIR, or /URL/=DIR without spaces, '?' and '#' in the URL"
      )
    }
    return (url.path, directory)
  }
}
