extension FileTable {
  /// How files are served.
  public struct Options: Sendable {
    /// The URL path that the root stands for; begins and ends with a slash.
    ///
    /// Mounts have their own.
    public var prefix: String
    /// Seconds that files may be used whose name does not change with their content; nil sends
    /// no `Cache-Control` for them.
    public var maxAge: Int?
    /// Other seconds for some of them.
    public var maxAges: [MaxAgeRule] = []
    /// Names that change with the content, beside those that a manifest lists.
    public var immutableNames: [ImmutableNames] = []
    /// More fields for some files, on their 200, 206 and 304.
    public var fields: [FieldRule] = []
    /// Media types by extension without its dot, or by whole file name, which wins.
    ///
    /// Case does not matter, and text gets a charset.
    public var mediaTypes: [String: String] = [:]
    /// The file that is sent for its directory, such as `index.html`; nil for none.
    public var indexFile: String?
    /// The path of the file that a single-page app has for all its pages: GET and HEAD of names
    /// below a public mount that no file is called, unless they look like a file's, get it.
    public var fallback: String?
    /// The paths of own error pages; see `pageStatuses`.
    public var errorPages: [ResponseStatus: String] = [:]
    /// Whether `app.5d41402abc4b.css` is answered as `app.css` where there is one: in development,
    /// where sources are served and what they hold changes under either name.
    public var answersHashedNames = false
    /// Whether `url(for:)` and `integrity(for:)` answer, for which the manifests stay in memory.
    public var answersURLs = true
    /// Whether a path is refused that may be read as a collected root's and as another's: what is
    /// nothing of the table's goes to an app, which may read it in the other way.
    public var refusesAmbiguousPaths = false
    /// Whether pages of any origin may read the files (`Access-Control-Allow-Origin: *`).
    public var allowsAllOrigins: Bool
    /// Bytes of bodies to hold in memory, all files together; the others are sent from disk.
    public var bodyMemoryMax: Int
    /// The largest body to hold in memory, in bytes.
    public var bodyInMemoryMax: Int
    /// How many files are kept open to be sent from disk; the others are opened each time.
    public var openFilesMax: Int

    /// The statuses that may have a page of their own: those that a table answers with, and those
    /// of an app behind it.
    public static let pageStatuses: [ResponseStatus] =
      [.notFound, .methodNotAllowed, .preconditionFailed, .rangeNotSatisfiable] + appPageStatuses
    /// Of these, what is answered in the place of an app that does not.
    public static let appPageStatuses: [ResponseStatus] = [
      .badGateway, .serviceUnavailable, .gatewayTimeout,
    ]
    /// The largest error page, in bytes: it lies in memory whatever the other limits are.
    public static let errorPageByteCountMax = 65536

    /// The most bytes that all of `fields` may take together.
    public static let fieldByteCountMax = 16384

    /// WhiteNoise's defaults.
    public init(
      prefix: String = "/static/",
      maxAge: Int? = 60,
      allowsAllOrigins: Bool = true,
      bodyMemoryMax: Int = 128 << 20,
      bodyInMemoryMax: Int = 65536,
      openFilesMax: Int = 512
    ) {
      precondition(prefix.hasPrefix("/") && prefix.hasSuffix("/"))
      self.prefix = prefix
      self.maxAge = maxAge
      self.allowsAllOrigins = allowsAllOrigins
      self.bodyMemoryMax = bodyMemoryMax
      self.bodyInMemoryMax = bodyInMemoryMax
      self.openFilesMax = openFilesMax
    }
  }
}
