internal import StaticAssets

/// A file to check, with its records in the manifests.
struct CheckedFile {
  let name: BytePath
  /// The record in `staticd.json`; nil if it has none.
  let record: CollectedManifestText.File?
  /// The originals that `staticfiles.json` maps to this file.
  var originals: [BytePath] = []

  /// Whether it may be a link: a file without record and hashed name, after `collect --link`.
  var mayBeLink: Bool { record == nil && originals.isEmpty }

  /// The files to check, each once, sorted by name.
  ///
  /// These are the files that a manifest names. Without `staticd.json` the originals are added, for
  /// their codings; without any manifest, all files that are not a coding of another one.
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
  /// Whether one of these files is called `name`; they must be sorted by name.
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
