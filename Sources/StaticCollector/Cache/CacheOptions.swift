internal import Glibc
public import StaticAssets

/// Where earlier runs left what they found out, so that no work is done twice.
///
/// Nothing in it is needed, and nothing in it is believed without its digest: it may be deleted at
/// any time, shared between runs, and kept from one machine to the next. A digest is no signature:
/// only those who may decide what is published should be able to write to it.
public struct CacheOptions: Sendable {
  /// The directory; made, for its owner alone, if it does not exist.
  public var directory: BytePath
  /// Whether a run fails when the directory cannot be made or written; otherwise it does without.
  public var isRequired = false
  /// The most bytes on the disk that compressed results take; the ones that were not used for the
  /// longest time go first.
  public var byteCountMax: Int64 = 512 << 20

  /// A cache in `directory`.
  public init(directory: BytePath) {
    self.directory = directory
  }

  /// The cache that `staticd` uses where none is named, and does without where it cannot be
  /// written: `$XDG_CACHE_HOME/staticd` or `$HOME/.cache/staticd`; nil when neither variable holds
  /// an absolute path.
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
    Environment.value(variable).flatMap { $0.hasPrefix("/") ? BytePath($0) : nil }
  }
}
