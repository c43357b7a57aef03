internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The directories to serve.
struct MountOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The directory that was collected: STATIC_ROOT.", valueName: "dir"))
  var root: String?

  @Option(help: ArgumentHelp("The URL path it is served at: STATIC_URL.", valueName: "path"))
  var url = "/static/"

  @Option(
    name: .customLong("public"),
    help: ArgumentHelp(
      """
      A directory to serve as it is, at '/' or at the URL path in '/URL/=DIR'; repeat for more. \
      The longest path wins, of equal ones the last. What it lacks is not its own 404.
      """,
      valueName: "[/URL/=]dir"
    )
  )
  var publicDirectories: [String] = []

  @Flag(
    help: """
      For development: answer from the sources, follow every change at once, let hashed names lead \
      to the same files, and have clients ask each time.
      """
  )
  var autorefresh = false

  @Option(
    help: ArgumentHelp(
      "With --autorefresh, an entry of STATICFILES_DIRS; repeat for more, the first wins.",
      valueName: "[prefix=]dir"
    )
  )
  var source: [String] = []

  // Read before all options are: what the project says are options.
  @OptionGroup var django: DjangoOptions

  /// Whether anything to serve is named.
  var areNamed: Bool {
    root != nil || autorefresh || !publicDirectories.isEmpty || !source.isEmpty
  }

  /// The mounts, each with the option that it comes from, or the error in one line.
  func mounts() throws -> [(mount: FileTable.Mount, option: String)] {
    var mounts: [(FileTable.Mount, String)] = []
    guard let prefix = URLPrefix(url) else {
      throw CommandFailure(.usage, "--url '\(url)': give a path such as /static/")
    }
    if let root {
      guard !root.isEmpty else { throw CommandFailure(.usage, "--root '': give a directory") }
      mounts.append((FileTable.Mount(root, at: prefix.path, kind: .collected), "--root"))
    }
    for text in publicDirectories { mounts.append((try Self.publicMount(text), "--public")) }
    mounts += try sourceMounts(below: prefix.path)
    guard !mounts.isEmpty else {
      throw CommandFailure(
        .usage,
        "nothing to serve; give --root DIR, --public DIR, or both; or --autorefresh with --source DIR"
      )
    }
    return mounts
  }

  /// The sources: the first wins, so it comes last.
  private func sourceMounts(
    below url: String
  ) throws -> [(mount: FileTable.Mount, option: String)] {
    guard autorefresh || source.isEmpty else {
      throw CommandFailure(
        .usage,
        "--source '\(source[0])': sources are served with --autorefresh; collect them otherwise"
      )
    }
    return try source.reversed().map { text in
      let source = try SourceDirectory(argument: text)
      let prefix = source.prefix.isEmpty ? url : "\(url)\(source.prefix)/"
      let mount = FileTable.Mount(
        source.path.description,
        at: prefix,
        in: url,
        kind: .source
      )
      return (mount, "--source")
    }
  }

  /// `DIR`, or `/URL/=DIR`.
  private static func publicMount(_ text: String) throws -> FileTable.Mount {
    var (prefix, directory) = ("/", text)
    if text.hasPrefix("/"), let end = text.firstRange(ofASCII: "/=") {
      prefix = String(text[..<text.index(after: end.lowerBound)])
      directory = String(text[end.upperBound...])
    }
    guard !directory.isEmpty, !prefix.hasPrefix("//"), let url = URLPrefix(prefix) else {
      throw CommandFailure(
        .usage,
        "--public '\(text)': give DIR, or /URL/=DIR without spaces, '?' and '#' in the URL"
      )
    }
    return FileTable.Mount(directory, at: url.path, kind: .public)
  }
}

extension String {
  /// Where `text`, two characters of ASCII, stands first.
  fileprivate func firstRange(ofASCII text: String) -> Range<String.Index>? {
    for start in indices where self[start...].hasPrefix(text) {
      return start..<index(start, offsetBy: text.count)
    }
    return nil
  }
}
