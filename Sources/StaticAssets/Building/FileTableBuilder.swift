/// Turns scanned directories into the parts of a table, one directory after the other.
struct FileTableBuilder: ~Copyable {
  let options: FileTable.Options
  let rules: FileRules
  let threadCountMax: Int
  /// If more bodies than this would have to be read, none is read.
  let bodyReadsMax: Int
  var contents: FileTableContents
  var heads: HeadWriter
  var fieldValues = FieldValueCache()
  var cacheTags: CacheTags
  /// Bytes of all bodies in memory.
  var bodyByteCount = 0
  var openFileCount = 0
  /// Files of the current mount whose URLs belong to a live directory.
  var hiddenFileCount = 0
  /// The URL paths added so far; recorded only if hashed names are answered by the unhashed file.
  var unhashedPaths = UnhashedPaths()
  /// The heads of the redirects, by status and the value of `Location`.
  var redirectHeads: [[UInt8]: HeadTemplate] = [:]
  /// The indices of the responses to CORS preflights, by the origin that they allow.
  var preflightNumbers: [[UInt8]: Int16] = [:]
  /// The URL paths of files; recorded only if clean URLs are on.
  var takenPaths: Set<[UInt8]> = []

  /// The directory of the mount whose files are being added, as a path and as a descriptor.
  private(set) var root = BytePath("")
  private(set) var directory: Int32 = -1
  private(set) var prefix: [UInt8] = []
  private(set) var kind = FileTable.Mount.Kind.public
  private(set) var manifests = RootManifests()
  private(set) var names = NameBuffer()
  private(set) var records: [FileRecord] = []
  /// The paths below the mount of those `Options.hiddenFiles` that lie in it.
  private(set) var hiddenNames: Set<BytePath> = []
  private(set) var hasStoredCodings = false
  var plan: BodyPlan
  /// The variants of the plan that could not be read, by index.
  var failures: [Int: BodyReader.Failure] = [:]
  /// The variants of the file that is being added; a property, so that its memory is reused.
  var loaded: [LoadedVariant] = []

  /// The records that are deltas, by the record of their file.
  var deltaRecords: [Int: [Int]] = [:]

  /// A variant whose body has been loaded.
  struct LoadedVariant {
    let variant: BodyPlan.Variant
    let body: BodySource
  }

  /// A builder without files.
  init(
    _ options: FileTable.Options,
    _ pages: [ResponseStatus: ErrorPage],
    _ threadCountMax: Int = ParallelMap.threadCountMax,
    bodyReadsMax: Int = .max,
    rules: FileRules? = nil,
    arena: consuming ByteArenaBuilder = ByteArenaBuilder()
  ) {
    self.options = options
    self.threadCountMax = threadCountMax
    self.bodyReadsMax = bodyReadsMax
    self.rules = rules ?? FileRules(options)
    cacheTags = CacheTags(options.cacheTags)
    heads = HeadWriter(allowsAllOrigins: options.allowsAllOrigins)
    var arena = arena
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
    hiddenNames = options.hiddenFiles.isEmpty ? [] : hiddenNames(in: mount.path)
    names = mount.scan.names
    records = mount.manifests.collected.records(
      of: mount.scan,
      in: directory,
      threadCountMax: threadCountMax
    )
    hasStoredCodings = records.contains { $0.isCoding }
    contents.mounts.append(mount.mount)
    if options.answersURLs { contents.publishedNames.append(PublishedNames(mount.manifests)) }
    contents.directories.append(mount.directory)
    contents.warnings += mount.scan.warnings
  }

  private func hiddenNames(in directory: BytePath) -> Set<BytePath> {
    guard let root = directory.resolved else { return [] }
    let prefix = root.appending(BytePath("")).bytes
    let hidden = options.hiddenFiles.compactMap { BytePath($0).resolved }
    return Set(
      hidden.filter { $0.bytes.starts(with: prefix) }.map { BytePath($0.bytes[prefix.count...]) }
    )
  }

  /// Records which mount answers for missing files below each prefix; of equal prefixes a collected
  /// root.
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
