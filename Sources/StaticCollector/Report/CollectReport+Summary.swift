internal import StaticAssets

extension CollectReport: CustomStringConvertible {
  /// The summary of `collectstatic`, in its words, followed by lines about old releases, codings,
  /// deltas and dry runs.
  public var description: String {
    var lines = [sentence]
    if !pruned.isEmpty {
      lines.append("Removed \(Count.of(pruned.count, "file")) of older releases.")
    }
    if !carried.isEmpty {
      lines.append("Carried over \(Count.of(carried.count, "file")) of earlier releases.")
    }
    let suffixes: [(ContentCoding, String)] = [
      (.brotli, ".br"), (.gzip, ".gz"), (.dictionaryZstandard, ".dcz"),
    ]
    let parts = suffixes.compactMap { coding, suffix in
      codings[coding].map { "\($0.fileCount) \(suffix) (\(Count.bytes($0.byteCount)))" }
    }
    if !parts.isEmpty { lines.append("Compressed: \(parts.joined(separator: ", ")).") }
    lines += visitorLines
    if isDryRun { lines.append("Nothing was written: this was a dry run.") }
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    let files = Count.of(linksOriginals ? linked.count : copied.count, "static file")
    var sentence = deleted.isEmpty ? "" : "\(Count.of(deleted.count, "static file")) deleted, "
    sentence += "\(files) \(linksOriginals ? "symlinked" : "copied") to '\(root)'"
    if unmodifiedCount > 0 { sentence += ", \(unmodifiedCount) unmodified" }
    if postProcessedCount > 0, !isDryRun { sentence += ", \(postProcessedCount) post-processed" }
    if !skipped.isEmpty { sentence += ", \(skipped.count) skipped due to conflict" }
    return sentence + "."
  }

  /// The most files that are listed individually.
  private static let visitorLineMax = 3

  /// What visitors of the last release load of files with deltas, the largest savings first.
  private var visitorLines: [String] {
    let changed = files.compactMap { file -> (file: StoredFile, byteCount: Int)? in
      let deltas = file.deltas.filter(\.isFromLastRelease)
      return deltas.map(\.byteCount).min().map { (file, $0) }
    }
    guard !changed.isEmpty else { return [] }
    let before = changed.reduce(0) { $0 + $1.file.smallest.byteCount }
    let after = changed.reduce(0) { $0 + $1.byteCount }
    let sorted = changed.sorted { first, second in
      let left = first.file.smallest.byteCount - first.byteCount
      let right = second.file.smallest.byteCount - second.byteCount
      return left == right ? first.file.name < second.file.name : left > right
    }
    var lines = [
      "Deltas: visitors of the last release load \(Count.bytes(after)) in place of "
        + "\(Count.bytes(before)), for \(Count.of(changed.count, "file"))."
    ]
    for (file, byteCount) in sorted.prefix(Self.visitorLineMax) {
      let (coding, smallest) = file.smallest
      lines.append(
        "  \(file.original) \(Count.bytes(smallest)) \(coding.token), "
          + "\(Count.bytes(byteCount)) for visitors of the last release"
      )
    }
    return lines
  }
}
