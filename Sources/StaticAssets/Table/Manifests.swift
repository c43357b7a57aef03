internal import Glibc

/// What a manifest in a collected root says; read once, at start-up.
package enum ManifestName {
  /// Django's: which published name stands for which file.
  package static let django = FilePath("staticfiles.json")
  /// Ours: what every published file holds.
  package static let collected = FilePath("staticd.json")
}

/// Django's `staticfiles.json`, versions 1.0 and 1.1.
struct DjangoManifest {
  /// The published names: those that change with the content.
  private(set) var hashedNames: Set<FilePath> = []

  init() {}

  /// Reads the text of a manifest.
  init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var names: Set<FilePath> = []
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      guard key == Array("paths".utf8) else { return try reader.skipValue() }
      try reader.object { (reader, _) throws(JSONReader.Malformed) in
        names.insert(FilePath(try reader.string()))
      }
    }
    try reader.end()
    hashedNames = names
  }
}

/// `staticd.json`: size, digest and codings of every file that was collected.
struct CollectedManifest {
  /// One file of the root.
  struct File {
    var byteCount: Int64 = -1
    /// Lower-case hexadecimal.
    var sha256: [UInt8] = []
    var contentType: [UInt8] = []
    var cacheControl: [UInt8] = []
    /// The stored codings by the name of the file that holds them.
    var codings: [FilePath: Int64] = [:]
  }

  private(set) var files: [FilePath: File] = [:]

  /// The files whose names change with the content, of this release and of older ones.
  var immutableNames: [FilePath] {
    let policy = Array((CachePolicy.immutable.fieldValue ?? "").utf8)
    return files.filter { $0.value.cacheControl == policy }.map(\.key)
  }

  init() {}

  /// Reads the text of a manifest.
  init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var found: [FilePath: File] = [:]
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      guard key == Array("files".utf8) else { return try reader.skipValue() }
      try reader.object { (reader, name) throws(JSONReader.Malformed) in
        found[FilePath(name)] = try Self.file(&reader)
      }
    }
    try reader.end()
    files = found
  }

  private static func file(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> File {
    var file = File()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "bytes": file.byteCount = try reader.integer()
      case "sha256": file.sha256 = try reader.string()
      case "type": file.contentType = try reader.string()
      case "cacheControl": file.cacheControl = try reader.string()
      case "codings":
        try reader.array { (reader) throws(JSONReader.Malformed) in
          try coding(&reader, into: &file)
        }
      default: try reader.skipValue()
      }
    }
    return file
  }

  private static func coding(
    _ reader: inout JSONReader,
    into file: inout File
  ) throws(JSONReader.Malformed) {
    var name: [UInt8] = []
    var byteCount: Int64 = -1
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "file": name = try reader.string()
      case "bytes": byteCount = try reader.integer()
      default: try reader.skipValue()
      }
    }
    file.codings[FilePath(name)] = byteCount
  }
}

/// Both manifests of a root; each may be missing.
struct RootManifests {
  /// The names that change with the content: those of Django's manifest, and those of releases
  /// before this one.
  let hashedNames: Set<FilePath>
  let collected: [FilePath: CollectedManifest.File]

  /// Reads what `root` has.
  init(root: FilePath, _ directory: borrowing Descriptor) throws(AssetError) {
    let django = try Self.read(ManifestName.django, root, directory, DjangoManifest.init)
    let ours = try Self.read(ManifestName.collected, root, directory, CollectedManifest.init)
    collected = ours?.files ?? [:]
    // The names of older releases are in our manifest alone: pages of theirs are still about.
    hashedNames = (django?.hashedNames ?? []).union(ours?.immutableNames ?? [])
  }

  /// What `parse` makes of the manifest `name`; nil when there is none.
  private static func read<Result>(
    _ name: FilePath,
    _ root: FilePath,
    _ directory: borrowing Descriptor,
    _ parse: ([UInt8]) throws(JSONReader.Malformed) -> Result
  ) throws(AssetError) -> Result? {
    let path = root.appending(name)
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
      bytes = try file.readAll(path: path)
    } catch {
      guard error.code == ENOENT else { throw .unreadable(error) }
      return nil
    }
    do throws(JSONReader.Malformed) {
      return try parse(bytes)
    } catch {
      throw .malformedManifest(path: path.description, offset: error.offset)
    }
  }
}
