internal import StaticAssets

extension CollectReport: CustomStringConvertible {
  /// What `collectstatic` says when it is done, in its words, and lines about old releases, codings
  /// and dry runs where there is something to say.
  public var description: String {
    var lines = [sentence]
    if !pruned.isEmpty {
      lines.append("Removed \(Count.of(pruned.count, "file")) of older releases.")
    }
    if !carried.isEmpty {
      lines.append("Carried over \(Count.of(carried.count, "file")) of earlier releases.")
    }
    let parts = [(ContentCoding.brotli, ".br"), (.gzip, ".gz")].compactMap { coding, suffix in
      codings[coding].map { "\($0.fileCount) \(suffix) (\(Count.bytes($0.byteCount)))" }
    }
    if !parts.isEmpty { lines.append("Compressed: \(parts.joined(separator: ", ")).") }
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

}
