internal import StaticAssets

/// What came of some contents of a release, or of all.
struct ReleaseOutcome: Sendable {
  /// What the manifest says of them.
  var files: [CollectedManifestText.File] = []
  var report = CollectReport()
  /// What is to be published.
  var release = Publisher.StagedRelease()

  /// Counts a name, and notes when its file is to be published; one in a new directory is published
  /// with that.
  mutating func note(_ name: PlannedContent.Name, isStaged: Bool, isNew: Bool) {
    // An original under its hash is new, and no copy that Django would count.
    let isOriginal = name.path == name.original && !name.isHashed
    if name.isHashed {
      report.postProcessedCount += 1
    } else if isOriginal {
      if isStaged { report.copiedCount += 1 } else { report.unmodifiedCount += 1 }
    }
    guard isStaged, !isNew else { return }
    if isOriginal { release.originals.append(name.path) } else { release.added.append(name.path) }
  }

  /// Notes that a coding is to be published.
  mutating func note(variant: FilePath, of name: PlannedContent.Name, isNew: Bool) {
    guard !isNew else { return }
    if name.path == name.original {
      release.variants.append(variant)
    } else {
      release.added.append(variant)
    }
  }

  mutating func add(_ other: Self) {
    release.added += other.release.added
    release.originals += other.release.originals
    release.variants += other.release.variants
    release.obsolete += other.release.obsolete
    files += other.files
    report.add(other.report)
  }
}

extension CollectReport {
  mutating func noteCoding(_ coding: ContentCoding, _ byteCount: Int) {
    let (fileCount, sum) = codings[coding] ?? (0, 0)
    codings[coding] = (fileCount + 1, sum + byteCount)
  }

  mutating func add(_ other: CollectReport) {
    copiedCount += other.copiedCount
    unmodifiedCount += other.unmodifiedCount
    postProcessedCount += other.postProcessedCount
    for (coding, part) in other.codings {
      let (fileCount, sum) = codings[coding] ?? (0, 0)
      codings[coding] = (fileCount + part.fileCount, sum + part.byteCount)
    }
  }
}
