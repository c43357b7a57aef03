extension FileTable {
  /// A table of the files below `root`, collected or not.
  ///
  /// With a manifest, names that Django calls hashed are immutable, and entity tags come from the
  /// content; else they come from size and time.
  ///
  /// - Throws: when the root cannot be listed or a manifest is malformed. A file that cannot be
  ///   read is left out and named in `warnings`.
  public static func build(
    root: String,
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    let path = FilePath(root)
    let directory = try openRoot(path)
    let scan = try scan(path, directory)
    let manifests = try RootManifests(root: path, directory)
    var builder = FileTableBuilder(directory, path, scan, manifests, options)
    try builder.addFiles()
    return FileTable(builder.finish())
  }

  private static func openRoot(_ path: FilePath) throws(AssetError) -> Descriptor {
    do throws(FileError) {
      return try Descriptor.open(path, flags: FileFlags.directory)
    } catch {
      throw .unreadable(error)
    }
  }

  private static func scan(
    _ path: FilePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> RootScan {
    do throws(FileError) {
      return try RootScan(root: path, directory)
    } catch {
      throw .unreadable(error)
    }
  }
}

/// The parts of a table, handed over to it.
struct FileTableContents: ~Copyable {
  var root: Descriptor
  var arena = ByteArenaBuilder()
  var entries: [FileEntry] = []
  var representations: [Representation] = []
  var storedFiles: [StoredFile] = []
  var warnings: [String] = []
  var prefix: ByteSlice
  var fixed: FixedResponses
}

/// Turns a scanned root into the parts of a table.
struct FileTableBuilder: ~Copyable {
  let root: FilePath
  let options: FileTable.Options
  let manifests: RootManifests
  let scanned: [ScannedFile]
  let statuses: [FilePath: FileStatus]
  var contents: FileTableContents
  var heads: HeadWriter
  var bodyByteCount = 0
  var openFileCount = 0
  /// Where bodies lie already, by digest and length: an original and its hashed copy share one.
  var bodiesByDigest: [BodyKey: ByteSlice] = [:]

  struct BodyKey: Hashable {
    let sha256: [UInt8]
    let byteCount: Int64
    let coding: ContentCoding
  }

  /// A builder without files.
  init(
    _ directory: consuming Descriptor,
    _ root: FilePath,
    _ scan: RootScan,
    _ manifests: RootManifests,
    _ options: FileTable.Options
  ) {
    self.root = root
    self.options = options
    self.manifests = manifests
    scanned = scan.files
    statuses = Dictionary(scan.files.map { ($0.name, $0.status) }) { first, _ in first }
    heads = HeadWriter(allowsAllOrigins: options.allowsAllOrigins)
    var arena = ByteArenaBuilder()
    let prefix = arena.append(options.prefix.utf8)
    let fixed = heads.fixedResponses(in: &arena)
    contents = FileTableContents(root: directory, arena: arena, prefix: prefix, fixed: fixed)
    contents.warnings = scan.warnings
  }

  /// The finished parts.
  consuming func finish() -> FileTableContents {
    contents
  }
}
