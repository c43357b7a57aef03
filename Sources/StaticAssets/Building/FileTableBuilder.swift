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
    try build([Mount(root, at: options.prefix, kind: .collected)], options: options)
  }

  /// A table of the files of all `mounts`.
  ///
  /// - Parameters:
  ///   - mounts: the directories, each with its URL path; of equal ones the last wins.
  ///   - options: for all of them; the prefix in it counts for none.
  /// - Throws: when a directory cannot be listed, a manifest is malformed, or the fallback or an
  ///   error page cannot be read. Any other file that cannot be read is left out and named in
  ///   `warnings`.
  public static func build(
    _ mounts: [Mount],
    options: Options = Options()
  ) throws(AssetError) -> FileTable {
    try build(mounts, options: options, threadCountMax: ParallelMap.threadCountMax)
  }

  /// A table that at most `threadCountMax` threads build; it is the same for any number.
  static func build(
    _ mounts: [Mount],
    options: Options,
    threadCountMax: Int
  ) throws(AssetError) -> FileTable {
    let fieldByteCount = options.fields.reduce(0) { $0 + $1.byteCount }
    guard fieldByteCount <= Options.fieldByteCountMax else { throw .tooManyFields }
    // Everything that may fail comes first.
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
  /// The mounts in the order in which they are asked for a file: the longest territory first, and
  /// of equal ones the last.
  fileprivate var byPriority: [FileTable.Mount] {
    enumerated().sorted { first, second in
      let length = first.element.territory.utf8.count
      let other = second.element.territory.utf8.count
      return length == other ? first.offset > second.offset : length > other
    }.map(\.element)
  }
}

/// The parts of a table, handed over to it.
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

/// Turns scanned directories into the parts of a table, one after the other.
struct FileTableBuilder: ~Copyable {
  let options: FileTable.Options
  let rules: FileRules
  let threadCountMax: Int
  var contents: FileTableContents
  var heads: HeadWriter
  var texts = FieldTexts()
  /// The bytes of bodies in memory.
  var bodyByteCount = 0
  var openFileCount = 0
  /// The URL paths that are taken, as far as hashed names lead to others.
  var plainPaths = PlainPaths()
  /// The heads of redirects by where they lead.
  var redirectHeads: [[UInt8]: HeadTemplate] = [:]

  /// Of the mount whose files are being added: where it is, as a path and as a descriptor.
  private(set) var root = FilePath("")
  private(set) var directory: Int32 = -1
  private(set) var prefix: [UInt8] = []
  private(set) var kind = FileTable.Mount.Kind.public
  private(set) var manifests = RootManifests()
  private(set) var names = NameBuffer()
  private(set) var records: [FileRecord] = []
  var plan: BodyPlan
  /// The forms of the plan that could not be read, by their numbers.
  var failures: [Int: BodyReader.Failure] = [:]
  /// The forms of the file that is being added; kept for its memory.
  var loaded: [LoadedForm] = []

  /// A form whose bytes are there.
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

  /// Goes on with the files of `mount`.
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

  /// Notes whose the unknown names are; of equal prefixes a collected root's.
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
