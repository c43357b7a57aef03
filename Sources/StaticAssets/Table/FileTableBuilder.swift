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
    try build(root: root, options: options, threadCountMax: ParallelMap.threadCountMax)
  }

  /// A table that at most `threadCountMax` threads build; it is the same for any number.
  static func build(
    root: String,
    options: Options,
    threadCountMax: Int
  ) throws(AssetError) -> FileTable {
    let path = FilePath(root)
    let directory = try openRoot(path)
    var scan: RootScan?
    var failure: AssetError?
    var manifests = ManifestsResult.unread
    // The manifests take as long to read as the directories to list.
    ParallelMap.both(threadCount: threadCountMax) {
      do throws(FileError) {
        scan = try RootScan(root: path, directory, threadCountMax: threadCountMax)
      } catch {
        failure = .unreadable(error)
      }
    } _: {
      manifests = ManifestsResult(root: path, directory)
    }
    guard let scan else { throw failure ?? .tooLarge(root: root) }
    let found = try manifests.get()
    var builder = FileTableBuilder(directory, path, scan, found, options, threadCountMax)
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
  let names: NameBuffer
  let records: [FileRecord]
  let threadCountMax: Int
  var plan: BodyPlan
  var contents: FileTableContents
  var heads: HeadWriter
  var texts: FieldTexts
  var openFileCount = 0
  /// The forms of the file that is being added; kept for its memory.
  var loaded: [LoadedForm] = []

  /// A form whose bytes are there.
  struct LoadedForm {
    let form: BodyPlan.Form
    let body: BodySource
  }

  /// A builder without files.
  init(
    _ directory: consuming Descriptor,
    _ root: FilePath,
    _ scan: RootScan,
    _ manifests: consuming RootManifests,
    _ options: FileTable.Options,
    _ threadCountMax: Int = ParallelMap.threadCountMax
  ) {
    self.threadCountMax = threadCountMax
    self.root = root
    self.options = options
    names = scan.names
    records = manifests.collected.records(
      of: scan,
      in: directory.number,
      threadCountMax: threadCountMax
    )
    self.manifests = manifests
    heads = HeadWriter(allowsAllOrigins: options.allowsAllOrigins)
    texts = FieldTexts(maxAge: options.maxAge)
    var arena = ByteArenaBuilder()
    let prefix = arena.append(options.prefix.utf8)
    let fixed = heads.fixedResponses(in: &arena)
    plan = BodyPlan(start: arena.byteCount, options)
    contents = FileTableContents(root: directory, arena: arena, prefix: prefix, fixed: fixed)
    contents.warnings = scan.warnings
  }

  mutating func warn(_ text: String) {
    contents.warnings.append(text)
  }

  /// The finished parts.
  consuming func finish() -> FileTableContents {
    contents
  }
}
