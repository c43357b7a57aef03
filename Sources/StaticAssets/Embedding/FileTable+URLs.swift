/// URLs for templates.
extension FileTable {
  /// The percent-encoded URL path of the file `name`, as Django's `{% static %}` returns it: the
  /// hashed name if a manifest lists the file.
  ///
  /// ```swift
  /// assets.url(for: "css/app.css")  // "/static/css/app.5d41402abc4b.css"
  /// ```
  ///
  /// - Parameter name: the path below the file's directory, not percent-encoded, without a leading
  ///   slash. If no file has the whole name, a part from `#` or `?` on is kept unchanged:
  ///   `icons.svg#menu`.
  /// - Returns: nil when no mount has the file, or `Options.answersURLs` is false.
  public func url(for name: String) -> String? {
    published(Array(name.utf8)).map { String(decoding: $0.url, as: UTF8.self) }
  }

  /// The value of the `integrity` attribute for the file `name`, such as `sha384-...`; browsers
  /// then refuse a file with another content.
  ///
  /// Source: W3C Subresource Integrity.
  ///
  /// - Parameter name: as for `url(for:)`.
  /// - Returns: nil when `url(for:)` is nil, or when staticd did not collect the file: only its
  ///   manifest has the value.
  public func integrity(for name: String) -> String? {
    published(Array(name.utf8)).flatMap { $0.names.integrity($0.name) }
  }

  /// A file that a template refers to.
  private struct Published {
    /// The published name.
    let name: [UInt8]
    let url: [UInt8]
    let names: PublishedNames
  }

  private func published(_ name: [UInt8]) -> Published? {
    if let found = published(name, suffix: []) { return found }
    guard let end = name.firstIndex(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?") })
    else { return nil }
    return published(Array(name[..<end]), suffix: name[end...])
  }

  private func published(_ name: [UInt8], suffix: ArraySlice<UInt8>) -> Published? {
    for (mount, names) in zip(mounts, publishedNames) {
      let prefix = Array(mount.prefix.utf8)
      // In development the manifest may have a hashed name for a source that is served unhashed.
      for stored in [names.published(name), name].compactMap({ $0 }) {
        let path = prefix + stored
        guard let entry = entry(at: path.span, 0..<path.count), entry.kind != .absent else {
          continue
        }
        let url = prefix + PercentEncoding.path(stored) + suffix
        return Published(name: stored, url: url, names: names)
      }
    }
    return nil
  }
}
