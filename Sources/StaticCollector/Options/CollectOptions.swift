public import StaticAssets

/// What to collect, and how.
///
/// Relative paths are meant from the working directory of the process.
public struct CollectOptions: Sendable {
  /// Where the files come from, in their order: of two files with one destination the first is
  /// collected.
  public var sources: [CollectSource]
  /// STATIC_ROOT; made if it does not exist.
  public var root: BytePath
  /// STATIC_URL: references that begin with it are rewritten.
  ///
  /// A path such as `/static/` or a whole URL, as ``URLPrefix`` reads it: the slash at its end may
  /// be missing.
  public var staticURL: String
  /// Names in directories that are not collected.
  public var ignored = IgnorePatterns(IgnorePatterns.defaults)

  /// Whether files are named by their content, references rewritten and manifests written.
  public var postProcesses = true
  /// Which Django's rules decide what is rewritten.
  public var rules = DjangoRules.latest
  /// Whether `import` and `export` in scripts are rewritten:
  /// `support_js_module_import_aggregation`.
  public var rewritesModules = false
  /// Destinations that change with their content already: they keep their names, and what is in
  /// them is not looked at.
  public var hashedNames: [ImmutableNames] = []
  /// Whether files that have a hashed name are published under that alone.
  public var keepsOnlyHashed = false
  /// What comes of references to files that are not collected.
  public var missingReferences = Problem.Severity.error
  /// The same, for source maps, which browsers ask for only where somebody develops.
  public var missingSourceMaps = Problem.Severity.warning

  /// The codings to compress to.
  public var codings: [ContentCoding] = [.brotli, .gzip, .dictionaryZstandard]
  /// For how many earlier releases that stay in the root a changed file gets deltas, at least 0.
  ///
  /// None without `dictionaryZstandard` among ``codings``, nor without hashed names.
  public var deltaReleaseCount = 2
  /// Files of the site that are dictionaries for others.
  ///
  /// None without `dictionaryZstandard` among ``codings``, nor without hashed names.
  public var dictionaries: [SiteDictionary] = []
  /// Endings of names, without a dot before them, that are not compressed; nil for WhiteNoise's.
  public var skippedExtensions: [String]?
  /// How many files are compressed at a time, at least 1; nil for one for each processor.
  public var jobs: Int?

  /// How many bytes the encoders may take together, by an estimate, at least 1 MiB; nil for a quarter
  /// of what the control group of the process allows, at most 250 MiB.
  ///
  /// A larger file is compressed alone.
  public var compressionMemory: Int?

  /// What a server of the files would ask the Django project; nil where there is none.
  var servingRecord: ServingRecord?

  /// What must not be in a root that is cleared, such as the configuration in use and the project that
  /// was asked; sources need not be named here.
  package var keptFiles: [(what: String, path: BytePath)] = []

  /// Where results of earlier runs are kept; nil for nowhere.
  public var cache: CacheOptions?
  /// Whether the report names every file; else that of a run that finds nothing changed has counts
  /// alone, for which nothing has to be read.
  public var namesEveryFile = false

  /// How many releases are kept in the root, the current one among them; at least 1.
  ///
  /// The hashed files of a release go when this many releases have followed it.
  public var keptReleaseCount = 3
  /// When the sources were last modified, in seconds since 1970, as SOURCE_DATE_EPOCH says it; nil if
  /// nobody says.
  ///
  /// A server then sends it as `Last-Modified` of every file, the same from every copy of the release,
  /// instead of the time of the file in its root.
  public var sourceTime: Int64?
  /// Where to find the hashed files of earlier releases that the root does not have, the newest
  /// release first.
  ///
  /// As many releases are carried over as `keptReleaseCount` leaves room for. Each file is compared with
  /// the digest in its manifest or its name, and gives way to a file of the new release.
  public var earlierReleases: [EarlierRelease] = []
  /// Whether files under their own names are links to the sources.
  public var linksOriginals = false
  /// Whether everything else in the root goes when the release is published.
  public var clearsRoot = false
  /// Whether all of a release is on the disk before it is published; else a machine that loses power
  /// may lose files that are named.
  public var isFlushed = true
  /// Whether nothing is written.
  public var isDryRun = false
  /// The mode of every file, whatever the umask, at most `0o7777`; nil for what that leaves of
  /// `0o666`: FILE_UPLOAD_PERMISSIONS.
  public var fileMode: UInt32? = 0o644
  /// The mode of every directory that is made, whatever the umask, at most `0o7777`; nil for what
  /// that leaves of `0o777`: FILE_UPLOAD_DIRECTORY_PERMISSIONS.
  public var directoryMode: UInt32?

  /// What Django does by default, and WhiteNoise's compression.
  ///
  /// Nothing is judged before the run: ``Collector/run(progress:onWait:)`` throws
  /// ``CollectError/usage(_:)`` for what cannot be.
  public init(
    sources: [CollectSource],
    root: BytePath,
    staticURL: String = "/static/",
    jobs: Int? = nil
  ) {
    self.sources = sources
    self.root = root
    self.staticURL = staticURL
    self.jobs = jobs
  }
}
