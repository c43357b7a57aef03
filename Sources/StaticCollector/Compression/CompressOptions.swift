public import StaticAssets

/// Options for compressing a directory in place.
public struct CompressOptions: Sendable {
  /// The directory; links to directories in it are not followed.
  public var directory: BytePath
  /// The codings to compress to.
  public var codings: [ContentCoding] = [.brotli, .gzip]
  /// Name suffixes that are not compressed; nil for WhiteNoise's.
  public var skippedExtensions: [String]?
  /// The number of files that are compressed at a time, at least 1; nil for one per processor.
  public var jobs: Int?
  /// The total memory of the encoders in bytes; see ``CollectOptions/compressionMemory``.
  public var compressionMemory: Int?

  /// Options for `directory`.
  public init(directory: BytePath, jobs: Int? = nil) {
    self.directory = directory
    self.jobs = jobs
  }
}
