internal import StaticAssets

/// The record of a run, with which the next run detects that nothing has changed.
///
/// It is kept in the cache, not in the root: the published files depend on the sources alone.
struct BuildStamp: Sendable {
  /// The fingerprint of the sources as they were read; empty if a later change could go unnoticed.
  var sources: [UInt8] = []
  /// The fingerprint of the root as it was published.
  var root: [UInt8] = []
  /// The counts that the run reported.
  var counts = Counts()
  /// The digests of files in the sources and in the root.
  ///
  /// Those of a record that was read are parsed at each access: a run that finds nothing changed
  /// needs none, and every other run needs them once.
  var memory: DigestCache {
    get {
      guard var unread else { return digests }
      return (try? DigestCache(&unread)) ?? DigestCache()
    }
    set {
      digests = newValue
      unread = nil
    }
  }
  private var digests = DigestCache()
  /// The record after `counts`, which has the digests; nil if `digests` has them.
  private var unread: SealedRecordReader?

  /// The counts that a run reports when nothing has changed.
  struct Counts: Sendable {
    var unmodified = 0
    var postProcessed = 0
    var codings: [ContentCoding: (fileCount: Int, byteCount: Int)] = [:]

    init() {}

    /// Counts for the next run, in which the files that this run copied are unmodified.
    init(after report: CollectReport) {
      unmodified = report.copied.count + report.linked.count + report.unmodifiedCount
      postProcessed = report.postProcessedCount
      codings = report.codings
    }
  }

  private static let kind: StaticString = "staticd run, version 1"

  /// The directory of these records in the cache.
  static let directoryName = BytePath("runs")

  /// The record's name in the cache.
  ///
  /// It differs for everything that the outcome depends on besides the sources, including the
  /// executable.
  static func name(_ options: CollectOptions) -> BytePath? {
    guard let program = try? FileStatus.of(BytePath("/proc/self/exe")) else { return nil }
    var fingerprint = Fingerprint()
    fingerprint.add(program)
    fingerprint.add(options.root.resolvedAsFarAsItExists.bytes)
    fingerprint.add(Brotli.encoder)
    fingerprint.add(Gzip.encoder)
    fingerprint.add(Zstandard.encoder)
    var relevant = options
    (relevant.jobs, relevant.cache, relevant.namesEveryFile) = (1, nil, false)
    (relevant.compressionMemory, relevant.earlierReleases) = (nil, [])
    // These only select the files, and the fingerprint of the sources covers the selection.
    (relevant.sources, relevant.ignored) = ([], IgnorePatterns([]))
    // Every other option is covered by its description, including options that are added later.
    fingerprint.add(Array(String(reflecting: relevant).utf8))
    let digits = ContentDigests.sha256(fingerprint.finish()[...])
    return directoryName.appending(BytePath(digits))
  }

  init() {}

  /// Reads a record.
  init(_ bytes: [UInt8]) throws(SealedRecordReader.Broken) {
    var record = try SealedRecordReader(bytes, kind: Self.kind)
    sources = try record.text()
    root = try record.text()
    counts.unmodified = Int(truncatingIfNeeded: try record.number())
    counts.postProcessed = Int(truncatingIfNeeded: try record.number())
    for coding in ContentCoding.made {
      let fileCount = Int(truncatingIfNeeded: try record.number())
      let byteCount = Int(truncatingIfNeeded: try record.number())
      if fileCount > 0 { counts.codings[coding] = (fileCount, byteCount) }
    }
    unread = record
  }

  /// The bytes of the record.
  var bytes: [UInt8] {
    var record = SealedRecordWriter(kind: Self.kind)
    record.add(sources)
    record.add(root)
    record.add(UInt64(counts.unmodified))
    record.add(UInt64(counts.postProcessed))
    for coding in ContentCoding.made {
      let (fileCount, byteCount) = counts.codings[coding] ?? (0, 0)
      record.add(UInt64(fileCount))
      record.add(UInt64(byteCount))
    }
    memory.add(to: &record)
    return record.finish()
  }
}
