internal import StaticAssets

/// What the manifests of a root say, apart from each other.
struct RecordedRoot {
  /// Django's pairs, in the manifest's order; nil when there is no such manifest.
  private(set) var paths: [(name: FilePath, published: FilePath)]?
  /// The hash of the pairs; empty when there is none.
  private(set) var hash: [UInt8] = []
  /// Our files; nil when there is no such manifest.
  private(set) var files: [FilePath: CollectedManifestText.File]?
  /// What is wrong with the manifests themselves.
  private(set) var problems: [RootProblem] = []

  /// Reads both manifests.
  init(_ directory: borrowing Directory) throws(FileError) {
    if let bytes = try Self.read(ManifestName.django, directory) {
      do throws(JSONReader.Malformed) {
        try readDjango(bytes)
      } catch {
        report(ManifestName.django, error)
      }
    }
    if let bytes = try Self.read(ManifestName.collected, directory) {
      do throws(JSONReader.Malformed) {
        let recorded = try CollectedManifestReader(bytes).files
        files = Dictionary(recorded.map { ($0.name, $0) }) { first, _ in first }
      } catch {
        report(ManifestName.collected, error)
      }
    }
  }

  private static func read(
    _ name: FilePath,
    _ directory: borrowing Directory
  ) throws(FileError) -> [UInt8]? {
    guard let status = try directory.status(of: name), !status.isDirectory else { return nil }
    let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
    return try file.readAll(path: directory.path.appending(name))
  }

  private mutating func report(_ name: FilePath, _ error: JSONReader.Malformed) {
    problems.append(
      RootProblem(file: name, text: "this is no manifest: wrong at byte \(error.offset)")
    )
  }

  private mutating func readDjango(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var pairs: [(name: FilePath, published: FilePath)] = []
    var version: [UInt8] = []
    var hash: [UInt8] = []
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "paths":
        try reader.object { (reader, name) throws(JSONReader.Malformed) in
          pairs.append((FilePath(name), FilePath(try reader.string())))
        }
      case "version": version = try reader.string()
      case "hash": hash = try reader.string()
      default: try reader.skipValue()
      }
    }
    try reader.end()
    paths = pairs
    self.hash = hash
    if !["1.0", "1.1"].contains(String(decoding: version, as: UTF8.self)) {
      problems.append(RootProblem(file: ManifestName.django, text: "its version is not Django's"))
    }
  }
}
