internal import StaticAssets

/// The result of building some or all contents of a release.
struct ReleaseOutcome: Sendable {
  /// Their entries in the manifest.
  var files: [CollectedManifestText.File] = []
  var report: CollectReport
  /// The files to publish.
  var release = Publisher.StagedRelease()

  init(_ options: CollectOptions) {
    report = CollectReport(options)
  }

  /// Counts a name, and adds its file to those to publish; a new directory is published as a whole.
  mutating func note(_ name: PlannedContent.Name, isStaged: Bool, isNew: Bool) {
    report.note(name, isStaged ? .written : .upToDate)
    guard isStaged, !isNew else { return }
    // An original may replace another content; a hashed name always has the same content.
    if name.isOriginal {
      release.originals.append(name.path)
    } else {
      release.added.append(name.path)
    }
  }

  /// Adds a coding to those to publish.
  mutating func note(variant: BytePath, of name: PlannedContent.Name, isNew: Bool) {
    guard !isNew else { return }
    if name.isOriginal {
      release.variants.append(variant)
    } else {
      release.added.append(variant)
    }
  }

  /// Warns that a coding is left out because its name is too long.
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
