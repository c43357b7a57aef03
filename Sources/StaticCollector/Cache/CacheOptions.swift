internal import Glibc
public import StaticAssets

/// Where earlier runs have stored results, so that no work is repeated.
///
/// The cache may be deleted at any time, shared between runs, and moved between machines: every
/// entry is checked against its digest. A digest is not a signature, so only users who may decide
/// what is published should have write access.
public struct CacheOptions: Sendable {
  /// The directory, created with mode 0700 if it does not exist.
  public var directory: BytePath
  /// Whether a run fails if the directory cannot be created or written; otherwise it runs without a
  /// cache.
  public var isRequired = false
  /// The most bytes on disk that compressed results take; the least recently used ones are removed
  /// first.
  public var byteCountMax: Int64 = 512 << 20

  /// A cache in `directory`.
  public init(directory: BytePath) {
    self.directory = directory
  }

  /// The default cache of `staticd`, which runs without it if it is not writable.
  ///
  /// It is `$XDG_CACHE_HOME/staticd` or `$HOME/.cache/staticd`; nil if neither variable holds an
  /// absolute path.
  ///
  /// Source: XDG Base Directory Specification 0.8.
  public static var ofUser: CacheOptions? {
    if let directory = absolutePath("XDG_CACHE_HOME") {
      return CacheOptions(directory: directory.appending(BytePath("staticd")))
    }
    return absolutePath("HOME").map {
      CacheOptions(directory: $0.appending(BytePath(".cache/staticd")))
    }
  }

  private static func absolutePath(_ variable: String) -> BytePath? {
    Environment.path(variable).flatMap { $0.bytes.first == UInt8(ascii: "/") ? $0 : nil }
  }
}
