package import StaticAssets

/// What is to be published, and how.
package struct PublishOptions: Sendable {
  /// The collected root.
  package let root: BytePath
  /// Which codings become objects.
  package var layout = PublishLayout.identity
  /// How many releases stay in the store, the new one among them.
  package var keptReleaseCount = 3
  /// Whether nothing is written.
  package var isDryRun = false
  /// Media types, caching and fields, as a server of the root would have them.
  package var rules: FileRules

  package init(root: BytePath, rules: FileRules) {
    self.root = root
    self.rules = rules
  }
}

extension PublishOptions {
  /// Why a field cannot be given to an object; nil if it can.
  ///
  /// A store sends what it knows as an object's metadata, and nothing else.
  package static func refusal(ofField name: String) -> String? {
    let key = name.lowercased()
    let known: Set<String> = [
      "cache-control", "content-type", "content-disposition", "content-language", "expires",
    ]
    if known.contains(key) { return nil }
    // What signs a request, and what staticd notes of an object.
    let own: Set<String> = [
      "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", ObjectFields.contentName,
      ObjectFields.digestName,
    ]
    if own.contains(key) { return "it is staticd's own" }
    if key.hasPrefix("x-amz-") { return nil }
    return "an object store does not send it; add it where the CDN is configured"
  }
}
