extension FileTable {
  /// A directory that is served below a URL path.
  ///
  /// If several mounts have a file for one URL, the mount with the longest territory serves it;
  /// among equal territories the last mount. The same order decides which mount answers for missing
  /// files.
  public struct Mount: Sendable {
    /// The response for a missing file: 404 from this mount, or the app's response.
    public enum Kind: Sendable, BitwiseCopyable {
      /// 404. The directory may contain manifests, which are read.
      case collected
      /// 404. The directory is a source for the collector, without manifests.
      case source
      /// The app's response: the table has none, or the fallback if the path may be a page.
      case `public`
    }

    /// The path of the directory.
    package var directory: String
    /// The URL path of the directory; begins and ends with a slash.
    package var prefix: String
    /// The URL path whose mounts are searched together: a prefix of `prefix`, or `prefix` itself.
    ///
    /// All sources of a Django project have the territory STATIC_URL, also those with a prefix of
    /// their own in STATICFILES_DIRS, so that only their order decides which file is served.
    package var territory: String
    /// The response for a missing file: 404 from this mount, or the app's response.
    package var kind: Kind

    /// A mount.
    ///
    /// - Parameters:
    ///   - directory: the path of the directory.
    ///   - prefix: its URL path; begins and ends with a slash.
    ///   - kind: the response for a missing file.
    public init(_ directory: String, at prefix: String, kind: Kind) {
      self.init(directory, at: prefix, in: prefix, kind: kind)
    }

    /// A mount that is searched together with others.
    ///
    /// - Parameter territory: the URL path whose mounts are searched together. It is a prefix of
    ///   `prefix` and begins and ends with a slash.
    package init(_ directory: String, at prefix: String, in territory: String, kind: Kind) {
      self.directory = directory
      self.prefix = prefix
      self.territory = territory
      self.kind = kind
    }
  }
}
