package import StaticAssets

/// The options for publishing a root.
package struct PublishOptions: Sendable {
  /// The collected root.
  package let root: BytePath
  /// Which codings become objects.
  package var layout = PublishLayout.identity
  /// The number of releases to keep in the store, including the new one.
  package var keptReleaseCount = 3
  /// Whether this is a dry run, which writes nothing.
  package var isDryRun = false
  /// Media types, caching and fields, the same as for a server of the root.
  package var rules: FileRules

  package init(root: BytePath, rules: FileRules) {
    self.root = root
    self.rules = rules
  }
}

extension PublishOptions {
  /// Why a field cannot be stored with an object; nil if it can.
  ///
  /// A store sends only the metadata fields that it knows.
  package static func refusal(ofField name: String) -> String? {
    let key = name.lowercased()
    let known: Set<String> = [
      "cache-control", "content-type", "content-disposition", "content-language", "expires",
    ]
    if known.contains(key) { return nil }
    // The fields that sign a request, and staticd's metadata.
    let own: Set<String> = [
      "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", ObjectFields.contentName,
      ObjectFields.digestName,
    ]
    if own.contains(key) { return "it is staticd's own" }
    if key.hasPrefix("x-amz-") { return nil }
    return "an object store does not send it; add it where the CDN is configured"
  }
}
