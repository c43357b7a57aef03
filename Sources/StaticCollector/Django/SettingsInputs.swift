internal import StaticAssets

/// The inputs of the settings of a Django project.
///
/// Paths are relative to the project, or absolute.
struct SettingsInputs: Sendable, Equatable {
  /// Files that were read.
  var files: [String] = []
  /// Paths that were checked and did not exist.
  var absent: [String] = []
  /// Paths that were checked and existed, but were not read.
  var present: [String] = []
  /// Environment variables that were read, except those with names of secrets.
  var variables: [String] = []

  init() {}

  /// Reads a JSON object; other members are passed to `other`.
  init(
    _ reader: inout JSONReader,
    other: (String, inout JSONReader) throws(JSONReader.Malformed) -> Void = {
      (_, reader) throws(JSONReader.Malformed) in try reader.skipValue()
    }
  ) throws(JSONReader.Malformed) {
    var inputs = SettingsInputs()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      let name = String(decoding: key, as: UTF8.self)
      switch name {
      case "files": inputs.files = try reader.texts()
      case "absent": inputs.absent = try reader.texts()
      case "present": inputs.present = try reader.texts()
      case "variables": inputs.variables = try reader.texts()
      default: try other(name, &reader)
      }
    }
    self = inputs
  }

  /// Adds the members of a JSON object, without its braces.
  func add(to text: inout JSONText) {
    text.add("\"files\": ")
    text.add(strings: files.map { BytePath($0) })
    text.add(", \"absent\": ")
    text.add(strings: absent.map { BytePath($0) })
    text.add(", \"present\": ")
    text.add(strings: present.map { BytePath($0) })
    text.add(", \"variables\": ")
    text.add(strings: variables.map { BytePath($0) })
  }

  /// The SHA-256 of the files' contents, the names of settings files beside them, and the
  /// variables' values.
  ///
  /// Nil if a file cannot be read, or if a checked path has appeared or disappeared.
  func digest(in project: BytePath) -> [UInt8]? {
    for (paths, isPresent) in [(absent, false), (present, true)] {
      for path in paths where exists(Self.place(BytePath(path), project)) != isPresent {
        return nil
      }
    }
    var fingerprint = Fingerprint()
    var directories: Set<BytePath> = []
    for name in files {
      let path = BytePath(name)
      guard let bytes = try? LoadedFile.read(Self.place(path, project)) else { return nil }
      fingerprint.add(path.bytes)
      fingerprint.add(ContentDigests.sha256(bytes[...]))
      directories.insert(path.parent)
    }
    for subdirectory in directories.sorted(by: { $0 < $1 }) {
      // Settings may read a file such as local_settings.py as soon as it exists.
      for name in Self.settingsNames(in: Self.place(subdirectory, project)) {
        fingerprint.add(name.bytes)
      }
    }
    for variable in variables {
      fingerprint.add(Array(variable.utf8))
      fingerprint.add(Environment.path(variable)?.bytes ?? [])
    }
    return ContentDigests.sha256(fingerprint.finish()[...])
  }

  private func exists(_ path: BytePath) -> Bool {
    (try? FileStatus.of(path)) != nil
  }

  private static func place(_ path: BytePath, _ project: BytePath) -> BytePath {
    path.bytes.first == UInt8(ascii: "/") ? path : project.appending(path)
  }

  /// Whether settings may read a file of this name: it has code or variables.
  static func mayRead(_ name: BytePath) -> Bool {
    name.hasSuffix(".py") || name.bytes.starts(with: ".env".utf8)
  }

  /// The paths of the files that were read.
  func paths(in project: BytePath) -> [BytePath] {
    files.map { Self.place(BytePath($0), project) }
  }

  /// The names of files in a directory that settings may read, sorted.
  private static func settingsNames(in directory: BytePath) -> [BytePath] {
    var names: [BytePath] = []
    guard
      let descriptor = try? Descriptor.open(directory, flags: FileFlags.directory)
    else { return names }
    try? DirectoryWalk.run(descriptor, root: directory) { candidate in
      mayRead(candidate.name) && !candidate.isDirectory
    } visit: { item in
      if case .file(let path, _) = item { names.append(path) }
    }
    return names
  }
}
