extension FileTable {
  /// How a root is served.
  public struct Options: Sendable {
    /// The URL path that the root stands for; begins and ends with a slash.
    public var prefix: String
    /// Seconds that files may be used whose name does not change with their content; nil sends
    /// no `Cache-Control` for them.
    public var maxAge: Int?
    /// Whether pages of any origin may read the files (`Access-Control-Allow-Origin: *`).
    public var allowsAllOrigins: Bool
    /// Bytes of bodies to hold in memory, all files together; the others are sent from disk.
    public var bodyMemoryMax: Int
    /// The largest body to hold in memory, in bytes.
    public var bodyInMemoryMax: Int
    /// How many files are kept open to be sent from disk; the others are opened each time.
    public var openFilesMax: Int

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
