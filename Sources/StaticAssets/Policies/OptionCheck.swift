/// Validates the values in `FileTable.Options` and `FileTable.Mount`.
///
/// The values come from configuration files as often as from code, so an invalid one is an error
/// with a description, not a trap.
enum OptionCheck {
  /// The largest `max-age` in seconds; caches may not store more (RFC 9111 §1.2.2).
  private static let ageMax: Duration = .seconds(2_147_483_647)

  /// Throws `AssetError` for the first invalid value, with the code `invalidOption` or, if the fields
  /// are too long together, `tooManyFields`.
  static func check(
    _ options: FileTable.Options,
    _ mounts: [FileTable.Mount]
  ) throws(AssetError) {
    for mount in mounts {
      try checkPath(mount.prefix, of: "the prefix of a mount")
      try checkPath(mount.territory, of: "the territory of a mount")
      guard mount.prefix.hasPrefix(mount.territory) else {
        let text = "'\(mount.prefix)' does not begin with its territory '\(mount.territory)'"
        throw .invalidOption("the prefix", text)
      }
    }
    for fallback in options.fallbacks {
      if let path = fallback.path { try checkPath(path, of: "the path of a fallback") }
    }
    for path in options.appPaths { try checkPath(path, of: "appPaths:") }
    for path in options.upstreamPaths { try checkPath(path, of: "upstreamPaths:") }
    try checkAges(options)
    try checkStale(options.staleWhileRevalidate, of: "staleWhileRevalidate")
    try checkStale(options.staleIfError, of: "staleIfError")
    try checkPages(options)
    try checkTypes(options)
    try checkSizes(options)
    try checkFields(options)
  }

  private static func checkPath(_ path: String, of name: String) throws(AssetError) {
    guard path.hasPrefix("/"), path.hasSuffix("/") else {
      throw .invalidOption(name, "'\(path)' does not begin and end with a slash")
    }
  }

  private static func checkAges(_ options: FileTable.Options) throws(AssetError) {
    for age in [options.maxAge].compactMap({ $0 }) + options.maxAges.map(\.maxAge) {
      guard age >= .zero, age <= ageMax else {
        throw .invalidOption("maxAge", "\(age) is not from 0 to 2147483647 seconds")
      }
    }
  }

  private static func checkStale(_ time: Duration?, of name: String) throws(AssetError) {
    guard let time else { return }
    guard time >= .seconds(1), time <= ageMax else {
      throw .invalidOption(name, "\(time) is not from 1 to 2147483647 seconds")
    }
  }

  private static func checkPages(_ options: FileTable.Options) throws(AssetError) {
    let statuses = FileTable.Options.pageStatuses
    for status in options.errorPages.keys where !statuses.contains(status) {
      let possible = statuses.map { "\($0.rawValue)" }.sorted().joined(separator: ", ")
      throw .invalidOption("errorPages:", "\(status.rawValue) is not one of \(possible)")
    }
    if let name = options.indexFile, name.isEmpty || name.contains("/") {
      throw .invalidOption("indexFile", "'\(name)' is not a file name")
    }
  }

  private static func checkTypes(_ options: FileTable.Options) throws(AssetError) {
    for (name, type) in options.mediaTypes where !MediaType.isWellFormed(type) {
      throw .invalidOption("mediaTypes:", "the type of '\(name)' is not like text/html")
    }
  }

  private static func checkFields(_ options: FileTable.Options) throws(AssetError) {
    let byteCount = options.fields.reduce(0) { $0 + $1.byteCount }
    guard byteCount <= FileTable.Options.fieldByteCountMax else { throw .tooManyFields }
  }

  private static func checkSizes(_ options: FileTable.Options) throws(AssetError) {
    let sizes = [
      ("bodyMemoryMax", options.bodyMemoryMax), ("bodyInMemoryMax", options.bodyInMemoryMax),
      ("openFilesMax", options.openFilesMax),
    ]
    for (name, size) in sizes where size < 0 {
      throw .invalidOption(name, "\(size) is negative")
    }
  }
}

extension Duration {
  /// Whole seconds, as in `max-age`; the fraction is dropped.
  package var wholeSeconds: Int { Int(clamping: components.seconds) }
}
