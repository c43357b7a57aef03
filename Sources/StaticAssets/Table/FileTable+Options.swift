extension FileTable {
  /// Options for serving files.
  public struct Options: Sendable {
    /// The URL path of the root; begins and ends with a slash.
    ///
    /// Used by `init(root:options:)` only: a `Mount` has a prefix of its own.
    public var prefix: String
    /// `max-age` for files whose names do not contain a hash of their content, in whole seconds from
    /// 0 to 2,147,483,647; nil sends no `Cache-Control` for them.
    public var maxAge: Duration?
    /// Exceptions from `maxAge`; the last rule that matches a file applies.
    public var maxAges: [MaxAgeRule] = []
    /// Names that change with the content, in addition to those that a manifest lists.
    public var immutableNames: [ImmutableNames] = []
    /// Additional fields for some files, on 200, 206 and 304.
    public var fields: [FieldRule] = []
    /// Media types by extension without its dot, or by whole file name, which takes precedence.
    ///
    /// Case does not matter. A `text/` type without parameters gets `charset="utf-8"`.
    public var mediaTypes: [String: String] = [:]
    /// The name of the file that is sent for its directory, such as `index.html`; nil for none.
    public var indexFile: String?
    /// The pages of single-page apps.
    public var fallbacks: [Fallback] = []
    /// The URL paths, with all below, that belong to the app before files, redirects and fallbacks;
    /// each begins and ends with a slash.
    public var appPaths: [String] = []
    /// The URL paths of the apps, in the order of `ForwardingConfiguration.paths`.
    ///
    /// The longest decides which app gets a request. Each begins and ends with a slash.
    package var upstreamPaths = ["/"]
    /// Whether `about.html` is served at `/about`, to which its own URL is redirected.
    ///
    /// A file named `about` keeps its URL, and so does a page whose name contains a hash of its
    /// content.
    public var cleansURLs = false
    /// Redirects of the operator.
    public var redirects = RedirectRules()
    /// The paths of files that are not served although they lie in a mount, such as the redirects
    /// file.
    package var hiddenFiles: [String] = []
    /// The paths of the error pages, by status; at most 64 KiB each.
    ///
    /// 404, 405, 412 and 416 are for files, 404 also for requests without a handler, and 502, 503
    /// and 504 for a failing app.
    public var errorPages: [ResponseStatus: String] = [:]
    /// Whether a request for `app.5d41402abc4b.css` is answered with `app.css`, if that file
    /// exists.
    ///
    /// For development: sources are served, and their content may differ from the hashed one.
    package var answersHashedNames = false
    /// Whether `url(for:)` and `integrity(for:)` return values; the manifests then stay in memory.
    package var answersURLs = true
    /// Whether a path is rejected with 400 if servers interpret it differently, and it belongs to a
    /// collected root by one interpretation and to the app by another.
    package var refusesAmbiguousPaths = false

    /// Whether requests for missing files below a collected root are left to the app, as for a
    /// public directory; otherwise they get 404.
    public var leavesUnknownNames = false
    /// Whether requests for missing, hashed names below a collected root are left to the server,
    /// which forwards them to its peers.
    ///
    /// A name looks hashed if it contains a digest as in Django's names, or if it matches
    /// `immutableNames`.
    package var asksPeers = false
    /// Whether the manifests of collected roots are served like other files, for `collect
    /// --from-release`.
    package var sharesManifests = false
    /// `stale-while-revalidate` for files without a hash in their names: the time for which a cache
    /// may use a stale response while it revalidates, in whole seconds; nil, the default, sends
    /// nothing.
    ///
    /// At least 1 second: some caches drop a response at once for 0. Source: RFC 5861 §3.
    public var staleWhileRevalidate: Duration?
    /// `stale-if-error` for files without a hash in their names: the time for which a cache may use
    /// a stale response when this server fails, in whole seconds; nil, the default, sends nothing.
    ///
    /// Source: RFC 5861 §4.
    public var staleIfError: Duration?
    /// The fields that tag files for purging in shared caches; none by default.
    public var cacheTags: Set<CacheTagField> = []
    /// Codings of files that have no stored coding in their directory.
    package var addedCodings = AddedCodings()
    /// Whether `FileTable.uncodedFiles` lists the files for which codings can be added.
    package var listsUncodedFiles = false
    /// The directories whose files are looked up when they are requested; the caller handles
    /// requests for which `plan` returns nil with `FileTable.live`.
    package var live: [LiveDirectory] = []
    /// Whether pages of any origin may read the files (`Access-Control-Allow-Origin: *`).
    public var allowsAllOrigins: Bool
    /// The limit of all bodies in memory together, in bytes, not negative; further bodies are sent
    /// from disk.
    ///
    /// A table has at most 3 GiB of bodies; a larger value means 3 GiB.
    public var bodyMemoryMax: Int
    /// The largest body that is kept in memory, in bytes.
    public var bodyInMemoryMax: Int
    /// The number of files that are kept open to be sent from disk; further files are opened for
    /// each response.
    public var openFilesMax: Int

    /// The statuses that can have an error page: those of a table, and those for an app that fails.
    package static let pageStatuses: [ResponseStatus] =
      [.notFound, .methodNotAllowed, .preconditionFailed, .rangeNotSatisfiable] + appPageStatuses
    /// The statuses in `pageStatuses` that are sent instead of an app's response.
    package static let appPageStatuses: [ResponseStatus] = [
      .badGateway, .serviceUnavailable, .gatewayTimeout,
    ]
    /// The largest error page, in bytes.
    ///
    /// Error pages are in memory in addition to `bodyMemoryMax`.
    package static let errorPageByteCountMax = 65536

    /// The limit of the field lines of all `fields` together, in bytes.
    package static let fieldByteCountMax = 16384

    /// Options with WhiteNoise's defaults.
    ///
    /// - Parameters:
    ///   - prefix: the URL path of the root; begins and ends with a slash.
    ///   - maxAge: in whole seconds; nil sends no `Cache-Control`.
    ///   - allowsAllOrigins: whether `Access-Control-Allow-Origin: *` is sent.
    ///   - bodyMemoryMax: bytes of all bodies in memory, at most 3 GiB.
    ///   - bodyInMemoryMax: bytes of the largest body in memory.
    ///   - openFilesMax: files kept open.
    public init(
      prefix: String = "/static/",
      maxAge: Duration? = .seconds(60),
      allowsAllOrigins: Bool = true,
      bodyMemoryMax: Int = 128 << 20,
      bodyInMemoryMax: Int = 65536,
      openFilesMax: Int = 512
    ) {
      self.prefix = prefix
      self.maxAge = maxAge
      self.allowsAllOrigins = allowsAllOrigins
      self.bodyMemoryMax = bodyMemoryMax
      self.bodyInMemoryMax = bodyInMemoryMax
      self.openFilesMax = openFilesMax
    }
  }
}

extension FileTable.Options {
  /// `bodyMemoryMax`, limited for one table: a slice's offset reaches 4 GiB, and 1 GiB of it is
  /// reserved for heads and paths.
  var tableBodyMemoryMax: Int { min(bodyMemoryMax, 3 << 30) }
}
