internal import StaticAssets

/// What came of some contents of a release, or of all.
struct ReleaseOutcome: Sendable {
  /// What the manifest says of them.
  var files: [CollectedManifestText.File] = []
  var report: CollectReport
  /// What is to be published.
  var release = Publisher.StagedRelease()

  init(_ options: CollectOptions) {
    report = CollectReport(options)
  }

  /// Counts a name, and notes when its file is to be published; one in a new directory is published
  /// with that.
  mutating func note(_ name: PlannedContent.Name, isStaged: Bool, isNew: Bool) {
    report.note(name, isStaged ? .written : .upToDate)
    guard isStaged, !isNew else { return }
    // Another original may have stood under its own name; nothing else can under a hashed one.
    if name.isOriginal {
      release.originals.append(name.path)
    } else {
      release.added.append(name.path)
    }
  }

  /// Notes that a coding is to be published.
  mutating func note(variant: BytePath, of name: PlannedContent.Name, isNew: Bool) {
    guard !isNew else { return }
    if name.isOriginal {
      release.variants.append(variant)
    } else {
      release.added.append(variant)
    }
  }

  /// Notes that a coding has no room under its name.
  mutating func note(tooLong coding: BytePath, of name: PlannedContent.Name) {
    report.problems.append(
      Problem(
        severity: .warning,
        kind: .nameConflict,
        of: SourceFile(name: name.original, path: name.source),
        text: ReleasePlan.text(ofTooLong: coding)
      )
    )
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
