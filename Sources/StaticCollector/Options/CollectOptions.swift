public import StaticAssets

/// What to collect, and how.
///
/// Relative paths are relative to the working directory of the process.
public struct CollectOptions: Sendable {
  /// The sources in order: of two files with one destination, the first is collected.
  public var sources: [CollectSource]
  /// STATIC_ROOT; created if it does not exist.
  public var root: BytePath
  /// STATIC_URL: references that begin with it are rewritten.
  ///
  /// A path such as `/static/` or a complete URL, in the syntax of ``URLPrefix``; the trailing
  /// slash is optional.
  public var staticURL: String
  /// Patterns of names in directories that are not collected.
  public var ignored = IgnorePatterns(IgnorePatterns.defaults)

  /// Whether files get hashed names, references are rewritten, and manifests are written.
  public var postProcesses = true
  /// The version of Django whose rules decide what is rewritten.
  public var rules = DjangoRules.latest
  /// Whether `import` and `export` in scripts are rewritten:
  /// `support_js_module_import_aggregation`.
  public var rewritesModules = false
  /// Destinations that contain a hash already: they keep their names, and references in them are
  /// not rewritten.
  public var hashedNames: [ImmutableNames] = []
  /// Whether files with a hashed name are published under that name only.
  public var keepsOnlyHashed = false
  /// The severity of references to files that are not collected.
  public var missingReferences = Problem.Severity.error
  /// The severity of missing source maps, which only developer tools request.
  public var missingSourceMaps = Problem.Severity.warning

  /// The codings to compress to.
  public var codings: [ContentCoding] = [.brotli, .gzip, .dictionaryZstandard]
  /// The number of earlier releases in the root against which changed files get deltas, at least 0.
  ///
  /// Deltas need `dictionaryZstandard` in ``codings``, and hashed names.
  public var deltaReleaseCount = 2
  /// Files of the site that are dictionaries for others.
  ///
  /// They need `dictionaryZstandard` in ``codings``, and hashed names.
  public var dictionaries: [SiteDictionary] = []
  /// Name suffixes, such as `png`, that are not compressed; nil for WhiteNoise's.
  public var skippedExtensions: [String]?
  /// The number of files that are processed at a time, at least 1; nil for one per processor.
  public var jobs: Int?

  /// The estimated memory of all encoders in bytes, at least 1 MiB; nil for the default.
  ///
  /// The default is a quarter of the control group's memory limit, at most 250 MiB. A file that
  /// needs more is compressed alone.
  public var compressionMemory: Int?

  /// What a server of the files would ask the Django project; nil if there is none.
  var servingRecord: ServingRecord?

  /// Further files that must not be in a root that is cleared, such as the configuration and the
  /// project.
  ///
  /// Sources need not be listed here.
  package var keptFiles: [(what: String, path: BytePath)] = []

  /// The directory of the Django project, whose code a report must not replace; nil for none.
  package var projectDirectory: BytePath?
  /// The files that its settings read, as far as they are known.
  var settingsFiles: [BytePath] = []

  /// The file that the caller replaces by the report when the run has ended; nil for none.
  ///
  /// A run is refused as wrong use if that would replace a source, the configuration, a file of the
  /// Django project or of a release.
  package var reportFile: BytePath?

  /// The cache for results of earlier runs; nil for none.
  public var cache: CacheOptions?
  /// Whether the report names every file.
  ///
  /// Otherwise the report of a run that finds nothing changed has counts only, for which no file is
  /// read.
  public var namesEveryFile = false

  /// The number of releases in the root, including the current one; at least 1.
  ///
  /// The hashed files of a release are removed after this many newer releases.
  public var keptReleaseCount = 3
  /// The last modification of the sources, in seconds since 1970, as in SOURCE_DATE_EPOCH; nil if
  /// it is unknown.
  ///
  /// A server sends it as `Last-Modified` of every file instead of the file's own time, so that it
  /// is the same for every copy of the release.
  public var sourceTime: Int64?
  /// Stores of earlier releases whose hashed files are carried over if the root lacks them, newest
  /// first.
  ///
  /// At most `keptReleaseCount` releases are kept, including the new one. Each file is compared
  /// with the digest in its manifest or its name, and files of the new release take precedence.
  public var earlierReleases: [EarlierRelease] = []
  /// Whether files under their own names are symbolic links to the sources.
  public var linksOriginals = false
  /// Whether everything else in the root is removed when the release is published.
  public var clearsRoot = false
  /// Whether a release is flushed to disk before it is published.
  ///
  /// Without it, a power failure may lose files that the manifest names.
  public var isFlushed = true
  /// Whether nothing is written.
  public var isDryRun = false
  /// The mode of every file, regardless of the umask, at most `0o7777`: FILE_UPLOAD_PERMISSIONS.
  ///
  /// Nil for `0o666` without the bits of the umask.
  public var fileMode: UInt32? = 0o644
  /// The mode of every new directory, regardless of the umask, at most `0o7777`:
  /// FILE_UPLOAD_DIRECTORY_PERMISSIONS.
  ///
  /// Nil for `0o777` without the bits of the umask.
  public var directoryMode: UInt32?

  /// Options with Django's defaults and WhiteNoise's compression.
  ///
  /// They are validated by ``Collector/run(progress:onWait:)``, which throws
  /// ``CollectError/usage(_:)``.
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
