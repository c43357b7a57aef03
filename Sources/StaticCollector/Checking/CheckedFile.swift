internal import StaticAssets

/// One file that is read, and what is said of it.
struct CheckedFile {
  let name: BytePath
  /// What `staticd.json` says.
  let record: CollectedManifestText.File?
  /// The names that it is the published file of.
  var originals: [BytePath] = []

  /// Whether it may be a link: what has no record and no hashed name, after `collect --link`.
  var mayBeLink: Bool { record == nil && originals.isEmpty }

  /// The files to read, each once, sorted by name.
  ///
  /// Those that a manifest names. Where none of them is ours, originals too, for their codings; and
  /// all files that are no coding of another one where there is no manifest at all.
  static func all(_ recorded: RecordedRoot, _ listing: RootListing) -> [CheckedFile] {
    var files: [BytePath: CheckedFile] = [:]
    for (name, record) in recorded.collected?.files ?? [:] {
      files[name] = CheckedFile(name: name, record: record)
    }
    for (original, published) in recorded.django?.paths ?? [] {
      files[published, default: CheckedFile(name: published, record: nil)].originals
        .append(original)
    }
    if recorded.collected == nil {
      for name in unrecorded(recorded, listing) where files[name] == nil {
        files[name] = CheckedFile(name: name, record: nil)
      }
    }
    return files.values.sorted { $0.name < $1.name }
  }

  private static func unrecorded(_ recorded: RecordedRoot, _ listing: RootListing) -> Set<BytePath>
  {
    if recorded.isEmpty {
      return listing.files.filter { name in
        guard let (_, file) = ContentCoding.stored(name) else { return true }
        return !listing.files.contains(file)
      }
    }
    return recorded.originals.intersection(listing.files)
  }
}

extension [CheckedFile] {
  /// Whether one of these files, which are sorted, is called `name`.
  func contains(named name: BytePath) -> Bool {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if self[middle].name == name { return true }
      range = self[middle].name < name ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }
}
