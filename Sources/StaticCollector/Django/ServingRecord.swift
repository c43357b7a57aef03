package import StaticAssets

/// The settings of a Django project that affect requests for its files, stored by `collect` in
/// `staticd.json`.
///
/// With it, a server of the collected root need not run the project. It is valid while the inputs
/// of the settings are unchanged: the files that were read, the names in their directories, and the
/// environment variables.
package struct ServingRecord: Sendable, Equatable {
  /// Options of `staticd serve`, without the root.
  package private(set) var options: [ServingOption] = []
  /// Settings that a server does not support, one line each.
  package private(set) var warnings: [String] = []
  private var inputs = SettingsInputs()
  private var digest: [UInt8] = []

  /// The record of a project.
  ///
  /// Nil if the options depend on more than the settings, if the project serves another root, or if
  /// the settings module was given in the request: a server may be started with another one.
  init?(_ project: DjangoProject, root: BytePath) {
    let served = project.servingOptions.first { $0.option == "root" }
    guard let served, served.path.absolute == root.absolute,
      !project.settingsInputs.files.isEmpty, !project.hasNamedSettings,
      !project.servingOptions.contains(where: { $0.option == "autorefresh" })
    else { return nil }
    options = project.servingOptions.filter { $0.option != "root" }
    warnings = project.servingWarnings
    inputs = project.settingsInputs
    guard let digest = inputs.digest(in: project.directory) else { return nil }
    self.digest = digest
  }

  /// Whether the inputs of the settings of the project in `directory` are unchanged.
  package func isCurrent(in directory: BytePath) -> Bool {
    !inputs.files.isEmpty && inputs.digest(in: directory) == digest
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
    var record = (options: [ServingOption](), warnings: [String](), digest: "")
    inputs = try SettingsInputs(&reader) { (name, reader) throws(JSONReader.Malformed) in
      switch name {
      case "digest": record.digest = try reader.text()
      case "warnings": record.warnings = try reader.texts()
      case "serving": record.options = try reader.servingOptions()
      default: try reader.skipValue()
      }
    }
    (options, warnings) = (record.options, record.warnings)
    digest = Array(record.digest.utf8)
  }

  /// Adds the record as a JSON object.
  func add(to text: inout JSONText) {
    text.add("{\"digest\": ")
    text.add(string: digest)
    text.add(", ")
    inputs.add(to: &text)
    text.add(", \"warnings\": ")
    text.add(strings: warnings.map { BytePath($0) })
    text.add(", \"serving\": [")
    for (index, option) in options.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(strings: [BytePath(option.option), BytePath(option.setting), option.path])
    }
    text.add("]}")
  }
}
