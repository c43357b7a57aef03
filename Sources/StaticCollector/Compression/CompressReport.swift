public import StaticAssets

/// The result of compressing a directory.
public struct CompressReport: Sendable {
  /// A coding that is kept beside its file.
  public struct Variant: Sendable {
    /// The name of the coding, below the directory.
    public let name: BytePath
    /// Its coding.
    public let coding: ContentCoding
    /// The length of the original file.
    public let originalByteCount: Int
    /// The length of the coding.
    public let byteCount: Int
    /// Whether this run wrote it; false if it existed already.
    public let isWritten: Bool
  }

  /// Every coding, sorted by name.
  public internal(set) var variants: [Variant] = []
  /// Codings of other contents that were removed, sorted.
  public internal(set) var removed: [BytePath] = []
  /// The number of files that were skipped because `staticd collect` wrote them.
  public internal(set) var collectedCount = 0
  /// Files that cannot be read; as warnings, files whose codings would have too long
  /// names, and directories in the place of codings.
  public internal(set) var problems: [Problem] = []
}
