extension FileTable {
  /// Builds a table of the files below `root`.
  ///
  /// If the root has a manifest, the names that it lists as hashed are sent as immutable, and
  /// entity tags are derived from the content. Otherwise entity tags are derived from size and
  /// modification time.
  ///
  /// - Parameters:
  ///   - root: the directory, collected or not.
  ///   - options: how the files are served.
  /// - Throws: `AssetError` when the root cannot be listed or a manifest is malformed. Any other
  ///   file that cannot be read is left out and named in `warnings`.
  public static func build(
    root: String,
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    try build([Mount(root, at: options.prefix, kind: .collected)], options: options)
  }

  /// Builds a table of the files of all `mounts`.
  ///
  /// - Parameters:
  ///   - mounts: the directories with their URL paths. If two mounts have a file for the same URL,
  ///     see `Mount` for the order.
  ///   - options: how the files are served; `options.prefix` is not used.
  /// - Throws: `AssetError` when a directory cannot be listed, a manifest is malformed, or the
  ///   fallback or an error page cannot be read. Any other file that cannot be read is left out and
  ///   named in `warnings`.
  public static func build(
    _ mounts: [Mount],
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    try build(mounts, options: options, threadCountMax: ParallelMap.threadCountMax)
  }

  /// Builds a table with at most `threadCountMax` threads; the result does not depend on the
  /// number.
  static func build(
    _ mounts: [Mount],
    options: Options,
    threadCountMax: Int
  ) throws(AssetError) -> FileTable {
    let fieldByteCount = options.fields.reduce(0) { $0 + $1.byteCount }
    guard fieldByteCount <= Options.fieldByteCountMax else { throw .tooManyFields }
    // Operations that can throw come first.
    var scanned: [ScannedMount] = []
    for mount in mounts.byPriority { scanned.append(try ScannedMount(mount, threadCountMax)) }
    let pages = try ErrorPage.load(options)
    var builder = FileTableBuilder(options, pages, threadCountMax)
    for mount in scanned {
      builder.begin(mount)
      try builder.addFiles()
    }
    builder.addTerritories(mounts.byPriority)
    if let path = options.fallback { try builder.addFallback(FilePath(path)) }
    return FileTable(builder.finish())
  }
}

extension [FileTable.Mount] {
  /// The mounts in the order in which they are searched: the longest territory first; of equal ones
  /// the last given.
  fileprivate var byPriority: [FileTable.Mount] {
    enumerated().sorted { first, second in
      let length = first.element.territory.utf8.count
      let other = second.element.territory.utf8.count
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }
}

/// The parts of a table under construction; `FileTable.init` consumes them.
struct FileTableContents: ~Copyable {
  let options: FileTable.Options
  var mounts: [FileTable.Mount] = []
  var publishedNames: [PublishedNames] = []
  var directories: [MountedDirectory] = []
  var fileCount = 0
  var arena = ByteArenaBuilder()
  var entries: [FileEntry] = []
  var representations: [Representation] = []
  var storedFiles: [StoredFile] = []
  var territories: [Territory] = []
  var fallback: FileEntry?
  var warnings: [String] = []
  var fixed: FixedResponses
  var appPages: [ResponseStatus: ResponsePlan]
}

/// Turns scanned directories into the parts of a table, one directory after the other.
struct FileTableBuilder: ~Copyable {
  let options: FileTable.Options
  let rules: FileRules
  let threadCountMax: Int
  var contents: FileTableContents
  var heads: HeadWriter
  var texts = FieldTexts()
  /// Bytes of all bodies in memory.
  var bodyByteCount = 0
  var openFileCount = 0
  /// The URL paths added so far; recorded only if hashed names are answered by the unhashed file.
  var plainPaths = PlainPaths()
  /// The heads of the redirects, by the value of `Location`.
  var redirectHeads: [[UInt8]: HeadTemplate] = [:]

  /// The directory of the mount whose files are being added, as a path and as a descriptor.
  private(set) var root = FilePath("")
  private(set) var directory: Int32 = -1
  private(set) var prefix: [UInt8] = []
  private(set) var kind = FileTable.Mount.Kind.public
  private(set) var manifests = RootManifests()
  private(set) var names = NameBuffer()
  private(set) var records: [FileRecord] = []
  var plan: BodyPlan
  /// The variants of the plan that could not be read, by index.
  var failures: [Int: BodyReader.Failure] = [:]
  /// The variants of the file that is being added; a property, so that its memory is reused.
  var loaded: [LoadedForm] = []

  /// A variant whose body has been loaded.
  struct LoadedForm {
    let form: BodyPlan.Form
    let body: BodySource
  }

  /// A builder without files.
  init(
    _ options: FileTable.Options,
    _ pages: [ResponseStatus: ErrorPage],
    _ threadCountMax: Int = ParallelMap.threadCountMax
  ) {
    self.options = options
    self.threadCountMax = threadCountMax
    rules = FileRules(options)
    heads = HeadWriter(allowsAllOrigins: options.allowsAllOrigins)
    var arena = ByteArenaBuilder()
    let fixed = heads.fixedResponses(pages, in: &arena)
    let appPages = heads.appPages(pages, in: &arena)
    plan = BodyPlan(start: arena.byteCount, bodyByteCount: 0, options)
    contents = FileTableContents(
      options: options,
      arena: arena,
      fixed: fixed,
      appPages: appPages
    )
  }

  /// Makes `mount` the current mount.
  mutating func begin(_ mount: ScannedMount) {
    root = mount.path
    directory = mount.directory.descriptor.number
    prefix = Array(mount.mount.prefix.utf8)
    kind = mount.mount.kind
    manifests = mount.manifests
    names = mount.scan.names
    records = mount.manifests.collected.records(
      of: mount.scan,
      in: directory,
      threadCountMax: threadCountMax
    )
    contents.mounts.append(mount.mount)
    if options.answersURLs { contents.publishedNames.append(PublishedNames(mount.manifests)) }
    contents.directories.append(mount.directory)
    contents.warnings += mount.scan.warnings
  }

  /// Records who answers for missing files below each prefix; of equal prefixes a collected root.
  mutating func addTerritories(_ mounts: [FileTable.Mount]) {
    let collected = Set(mounts.filter { $0.kind != .public }.map(\.territory))
    for mount in mounts where mount.kind != .public || !collected.contains(mount.territory) {
      let prefix = contents.arena.append(mount.territory.utf8)
      contents.territories.append(Territory(prefix: prefix, kind: mount.kind))
    }
  }

  mutating func warn(_ text: String) {
    contents.warnings.append(text)
  }

  /// The finished parts.
  consuming func finish() -> FileTableContents {
    contents
  }
}
