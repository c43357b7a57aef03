internal import StaticAssets

/// The content of the manifests of a root, not yet compared with each other.
struct RecordedRoot {
  /// `staticfiles.json`.
  struct Django {
    /// The pairs in the manifest's order.
    var paths: [(name: BytePath, published: BytePath)] = []
    var version: [UInt8] = []
    /// The hash of the pairs; empty if there is none.
    var hash: [UInt8] = []
    /// The whole text.
    var text: [UInt8] = []

    /// Whether a file is listed more than once.
    var hasDoubles: Bool { Set(paths.map(\.name)).count != paths.count }
  }

  /// `staticd.json`.
  struct Collected {
    /// The parsed text.
    let reader: CollectedManifestReader
    /// Its files by name.
    let files: [BytePath: CollectedManifestText.File]
    /// Every stored coding that it lists.
    let codings: Set<BytePath>

    fileprivate init(_ reader: CollectedManifestReader) {
      self.reader = reader
      files = Dictionary(reader.files.map { ($0.name, $0) }) { first, _ in first }
      codings = Set(reader.files.lazy.flatMap { $0.codings.map(\.file) })
    }
  }

  /// Nil if there is no such manifest.
  private(set) var django: Django?
  /// Nil if there is no such manifest.
  private(set) var collected: Collected?
  /// The permission bits of the manifests that exist.
  private(set) var modes: [BytePath: UInt32] = [:]
  /// The problems with the manifests themselves.
  private(set) var problems: [RootProblem] = []

  /// Whether the root has no manifest, and nothing else under the name of one.
  var isEmpty: Bool { django == nil && collected == nil && problems.isEmpty }

  /// Every name under which a file was collected.
  var originals: Set<BytePath> {
    Set(django?.paths.map { BytePath(HashedName.clean($0.name.bytes)) } ?? [])
  }

  /// Reads both manifests.
  init(_ directory: borrowing Directory) throws(FileError) {
    if let bytes = try read(ManifestName.django, directory) {
      do throws(JSONReader.Malformed) {
        django = try Self.django(bytes)
      } catch {
        report(ManifestName.django, error)
      }
    }
    if let bytes = try read(ManifestName.collected, directory) {
      do throws(JSONReader.Malformed) {
        collected = Collected(try CollectedManifestReader(bytes))
        if !ManifestSeal.isWhole(bytes) {
          let text =
            ManifestSeal.isSealed(bytes)
            ? "its seal is not that of its text, so it was edited; collect again"
            : "it has no seal: it was edited, or an older staticd wrote it; collect again"
          problems.append(RootProblem(file: ManifestName.collected, text: text))
        }
      } catch {
        report(ManifestName.collected, error)
      }
    }
  }

  /// The bytes of a manifest; nil if there is none.
  private mutating func read(
    _ name: BytePath,
    _ directory: borrowing Directory
  ) throws(FileError) -> [UInt8]? {
    guard let status = try directory.status(of: name) else { return nil }
    guard status.isRegular else {
      problems.append(RootProblem(file: name, text: "this is no regular file; collect again"))
      return nil
    }
    modes[name] = status.mode
    if let text = FileCheck.unreadable(status) {
      problems.append(RootProblem(file: name, text: text))
    }
    let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
    return try file.readAll(path: directory.path.appending(name))
  }

  private mutating func report(_ name: BytePath, _ error: JSONReader.Malformed) {
    problems.append(
      RootProblem(file: name, text: "this is no manifest: wrong at byte \(error.offset)")
    )
  }

  private static func django(_ bytes: [UInt8]) throws(JSONReader.Malformed) -> Django {
    var reader = JSONReader(bytes)
    var django = Django()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "paths":
        try reader.object { (reader, name) throws(JSONReader.Malformed) in
          django.paths.append((BytePath(name), BytePath(try reader.string())))
        }
      case "version": django.version = try reader.string()
      case "hash": django.hash = try reader.string()
      default: try reader.skipValue()
      }
    }
    try reader.end()
    django.text = bytes
    return django
  }
}
