package import StaticAssets

/// What a Django project says of requests for its files, as `collect` keeps it in `staticd.json`, so
/// that a server beside the collected root need not ask the project.
///
/// It holds as long as what the settings were made of is as it was: the files of the project, the names
/// in their directories, and the variables of the environment that they have read.
package struct ServingRecord: Sendable, Equatable {
  /// Options of `staticd serve`, without the root.
  package private(set) var options: [ServingOption] = []
  /// What a server cannot do as the settings say, one line each.
  package private(set) var warnings: [String] = []
  /// Paths relative to the project.
  private var files: [String] = []
  private var variables: [String] = []
  private var digest: [UInt8] = []

  /// The record of a project; nil if what it says depends on more than its settings, if it serves
  /// another root, or if its settings were named: a server may be told other ones.
  init?(_ project: DjangoProject, root: BytePath) {
    let served = project.servingOptions.first { $0.option == "root" }
    guard let served, BytePath(served.value).absolute == root.absolute,
      !project.settingsFiles.isEmpty, !project.hasNamedSettings,
      !project.servingOptions.contains(where: { $0.option == "autorefresh" })
    else { return nil }
    options = project.servingOptions.filter { $0.option != "root" }
    warnings = project.servingWarnings
    files = project.settingsFiles
    variables = project.settingsVariables
    guard let digest = Self.digest(files, variables, in: project.directory) else { return nil }
    self.digest = digest
  }

  /// Whether the settings of the project in `directory` are made of the same files and variables
  /// still.
  package func isCurrent(in directory: BytePath) -> Bool {
    !files.isEmpty && Self.digest(files, variables, in: directory) == digest
  }

  /// The record in the root at `path`; nil if there is none.
  package static func read(in root: BytePath) -> ServingRecord? {
    guard let bytes = try? LoadedFile.read(root.appending(ManifestName.collected)),
      ManifestSeal.isWhole(bytes)
    else { return nil }
    var record: ServingRecord?
    var reader = JSONReader(bytes)
    try? reader.object { (reader, key) throws(JSONReader.Malformed) in
      guard key == Array("django".utf8) else { return try reader.skipValue() }
      record = try ServingRecord(&reader)
    }
    return record
  }

  private init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
    var record = (options: [ServingOption](), warnings: [String](), lists: [[String]](), digest: "")
    record.lists = [[], []]
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "files": record.lists[0] = try reader.texts()
      case "variables": record.lists[1] = try reader.texts()
      case "digest": record.digest = try reader.text()
      case "warnings": record.warnings = try reader.texts()
      case "serving": record.options = try reader.servingOptions()
      default: try reader.skipValue()
      }
    }
    (options, warnings) = (record.options, record.warnings)
    (files, variables) = (record.lists[0], record.lists[1])
    digest = Array(record.digest.utf8)
  }

  /// Adds the record as a JSON object.
  func add(to text: inout JSONText) {
    text.add("{\"digest\": ")
    text.add(string: digest)
    text.add(", \"files\": ")
    text.add(strings: files.map { BytePath($0) })
    text.add(", \"variables\": ")
    text.add(strings: variables.map { BytePath($0) })
    text.add(", \"warnings\": ")
    text.add(strings: warnings.map { BytePath($0) })
    text.add(", \"serving\": [")
    for (index, option) in options.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(strings: [option.option, option.setting, option.value].map { BytePath($0) })
    }
    text.add("]}")
  }

  /// SHA-256 of the files' contents, the names of settings files beside them, and the variables'
  /// values; nil if a file cannot be read.
  private static func digest(
    _ files: [String],
    _ variables: [String],
    in directory: BytePath
  ) -> [UInt8]? {
    var fingerprint = Fingerprint()
    var directories: Set<BytePath> = []
    for name in files {
      let path = BytePath(name)
      guard let bytes = try? LoadedFile.read(directory.appending(path)) else { return nil }
      fingerprint.add(path.bytes)
      fingerprint.add(ContentDigests.sha256(bytes[...]))
      directories.insert(path.parent)
    }
    for subdirectory in directories.sorted(by: { $0 < $1 }) {
      // A file such as local_settings.py is read as soon as it is there.
      for name in settingsNames(in: directory.appending(subdirectory)) {
        fingerprint.add(name.bytes)
      }
    }
    for variable in variables {
      fingerprint.add(Array(variable.utf8))
      fingerprint.add(Array((Environment.value(variable) ?? "").utf8))
    }
    return ContentDigests.sha256(fingerprint.finish()[...])
  }

  /// The names in a directory that settings may be made of, sorted.
  private static func settingsNames(in directory: BytePath) -> [BytePath] {
    var names: [BytePath] = []
    guard
      let descriptor = try? Descriptor.open(directory, flags: FileFlags.directory)
    else { return names }
    try? DirectoryWalk.run(descriptor, root: directory) { candidate in
      let name = candidate.name.bytes
      let isWanted =
        name.suffix(3).elementsEqual(".py".utf8) || name.prefix(4).elementsEqual(".env".utf8)
      return isWanted && !candidate.isDirectory
    } visit: { item in
      if case .file(let path, _) = item { names.append(path) }
    }
    return names
  }
}
