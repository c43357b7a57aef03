public import StaticAssets

/// What was published, or would be in a dry run.
///
/// Lists of names are sorted. Names are paths below the root, lengths are in bytes.
public struct CollectReport: Sendable {
  /// STATIC_ROOT, absolute.
  public let root: BytePath
  /// Whether nothing was written.
  public let isDryRun: Bool
  /// Whether files under their own names are links.
  let linksOriginals: Bool
  /// Files written under their own names.
  public internal(set) var copied: [BytePath] = []
  /// Files linked under their own names.
  public internal(set) var linked: [BytePath] = []
  /// Files whose copy or link in the root was up to date; see ``CollectOptions/namesEveryFile``.
  public internal(set) var unmodified: [BytePath] = []
  /// Files of the root that were removed because they are not part of the release.
  public internal(set) var deleted: [BytePath] = []
  /// Destinations of files hidden by one in an earlier source.
  public internal(set) var skipped: [BytePath] = []
  /// Files of old releases that were removed.
  public internal(set) var pruned: [BytePath] = []
  /// Hashed files of earlier releases that were carried over; see
  /// ``CollectOptions/earlierReleases``.
  public internal(set) var carried: [BytePath] = []
  /// Files under their own names whose content differs from the previous release, or that
  /// this run has removed.
  ///
  /// Shared caches must be purged of them. After a killed run, these are all files under their own
  /// names. Links are not included; in a dry run the list is empty.
  public internal(set) var changed: [BytePath] = []
  /// The sources of copied and linked files, by destination.
  public internal(set) var copiedFrom: [BytePath: BytePath] = [:]
  /// The sources of the skipped files, in the order of `skipped`.
  public internal(set) var skippedFrom: [BytePath] = []
  /// Every entry of the manifest; see ``CollectOptions/namesEveryFile``.
  public internal(set) var postProcessed: [PostProcessed] = []
  /// Every file of the release, with its codings; see ``CollectOptions/namesEveryFile``.
  ///
  /// Empty in a dry run.
  public internal(set) var files: [StoredFile] = []
  /// Problems of the input: only warnings if something was published.
  public internal(set) var problems: [Problem] = []
  /// Why the cache could not be read or written; the release does not depend on it.
  public internal(set) var cacheFailure: FileError?

  /// A file and the name it is published under.
  public struct PostProcessed: Sendable {
    /// The destination.
    public let name: BytePath
    /// The hashed name.
    public let hashed: BytePath
    /// Whether this run wrote it.
    public let isWritten: Bool
  }

  /// A file of the root.
  public struct StoredFile: Sendable {
    /// Its name.
    public let name: BytePath
    /// Its length.
    public let byteCount: Int
    /// The lengths of its stored codings, except deltas.
    public let codings: [(coding: ContentCoding, byteCount: Int)]
    /// Its deltas.
    public let deltas: [Delta]
    /// The collected file that it was published from.
    let original: BytePath

    /// The smallest of the file and its codings.
    var smallest: (coding: ContentCoding, byteCount: Int) {
      codings.min { $0.byteCount < $1.byteCount } ?? (.identity, byteCount)
    }
  }

  /// What a browser loads if it has an earlier content of a file.
  public struct Delta: Sendable {
    /// The file of the earlier release.
    public let from: BytePath
    /// The SHA-256 of its content, 64 hexadecimal digits.
    public let dictionary: String
    /// The length of the delta.
    public let byteCount: Int
    /// Whether the file was in the last release.
    public let isFromLastRelease: Bool
  }

  /// An empty report, or one with the problems that prevented a release.
  public init(_ options: CollectOptions, problems: [Problem] = []) {
    root = options.root.absolute
    isDryRun = options.isDryRun
    linksOriginals = options.linksOriginals
    self.problems = problems
  }

  /// The report of a run that found nothing changed.
  init(_ options: CollectOptions, nothingChanged counts: BuildStamp.Counts) {
    self.init(options)
    unmodifiedCount = counts.unmodified
    postProcessedCount = counts.postProcessed
    codings = counts.codings
  }

  /// The number of files written under their own names.
  public var copiedCount: Int { copied.count }
  /// The number of files whose copy or link in the root was up to date.
  public internal(set) var unmodifiedCount = 0
  /// The number of files published under a hashed name.
  public internal(set) var postProcessedCount = 0
  /// The number of stored codings and their bytes, by coding.
  public internal(set) var codings: [ContentCoding: (fileCount: Int, byteCount: Int)] = [:]
}

extension CollectReport {
  /// The result for one name of a content.
  enum Outcome {
    case written, linked, upToDate
  }

  /// Records one name of a content.
  ///
  /// Names that are in no manifest are not counted.
  mutating func note(_ name: PlannedContent.Name, _ outcome: Outcome) {
    guard name.carriedFrom == nil else {
      if outcome == .written { carried.append(name.path) }
      return
    }
    if name.isHashed {
      postProcessedCount += 1
      postProcessed.append(
        PostProcessed(name: name.original, hashed: name.path, isWritten: outcome == .written)
      )
    }
    guard name.isOriginal else { return }
    switch outcome {
    case .written: copied.append(name.path)
    case .linked: linked.append(name.path)
    case .upToDate:
      unmodified.append(name.path)
      unmodifiedCount += 1
    }
    if outcome != .upToDate { copiedFrom[name.path] = name.source }
  }

  mutating func add(_ other: CollectReport) {
    copied += other.copied
    carried += other.carried
    linked += other.linked
    unmodified += other.unmodified
    unmodifiedCount += other.unmodifiedCount
    postProcessedCount += other.postProcessedCount
    postProcessed += other.postProcessed
    copiedFrom.merge(other.copiedFrom) { $1 }
    problems += other.problems
  }

  /// Records the stored files, and sorts all lists, so that the order does not depend on the
  /// threads.
  ///
  /// - Parameter last: the label of the previous release; nil for none.
  mutating func note(_ stored: [CollectedManifestText.File], last: [UInt8]?) {
    files = stored.map { file in
      StoredFile(
        name: file.name,
        byteCount: file.byteCount,
        codings: file.codings.filter { !$0.isDelta }.map { ($0.coding, $0.byteCount) },
        deltas: file.codings.compactMap { coding in
          guard let origin = coding.origin else { return nil }
          return Delta(
            from: origin.name,
            dictionary: String(decoding: coding.dictionary, as: UTF8.self),
            byteCount: coding.byteCount,
            isFromLastRelease: origin.release == last
          )
        },
        original: file.original
      )
    }
    for coding in stored.flatMap(\.codings) {
      let (fileCount, byteCount) = codings[coding.coding] ?? (0, 0)
      codings[coding.coding] = (fileCount + 1, byteCount + coding.byteCount)
    }
    sort()
  }

  mutating func note(_ listing: SourceListing) {
    skipped = listing.skipped.map(\.destination)
    skippedFrom = listing.skipped.map(\.path)
  }

  /// Sorts all lists by name, so that the order does not depend on the threads.
  mutating func sort() {
    copied.sort()
    linked.sort()
    unmodified.sort()
    deleted.sort()
    pruned.sort()
    carried.sort()
    changed.sort()
    postProcessed.sort { $0.name < $1.name }
    files.sort { $0.name < $1.name }
  }
}

extension BytePath {
  /// Compares bytes, so that the order is the same in every locale.
  static func < (first: BytePath, second: BytePath) -> Bool {
    first.bytes.lexicographicallyPrecedes(second.bytes)
  }
}

extension [BytePath] {
  fileprivate mutating func sort() { sort { $0 < $1 } }
}
