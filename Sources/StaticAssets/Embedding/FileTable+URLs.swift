/// URLs for templates.
extension FileTable {
  /// The URL path of the file `name`, percent-encoded, as Django's `{% static %}` gives it: of a
  /// collected file the one that changes with its content.
  ///
  /// ```swift
  /// assets.url(for: "css/app.css")  // "/static/css/app.5d41402abc4b.css"
  /// ```
  ///
  /// - Parameter name: below its directory, not percent-encoded, without a slash at its start. What
  ///   follows a `#` or `?` is kept as it is unless a file is called so: `icons.svg#menu`.
  /// - Returns: nil when no directory has such a file, or `Options.answersURLs` is false.
  public func url(for name: String) -> String? {
    published(Array(name.utf8)).map { String(decoding: $0.url, as: UTF8.self) }
  }

  /// The value of the `integrity` attribute for the file `name`, such as `sha384-...`: browsers
  /// refuse a file with another content.
  ///
  /// Source: W3C Subresource Integrity.
  ///
  /// - Parameter name: as for `url`.
  /// - Returns: nil also when the file was not collected by staticd, which alone writes it down.
  public func integrity(for name: String) -> String? {
    published(Array(name.utf8)).flatMap { $0.names.integrity($0.name) }
  }

  /// A file as templates know it.
  private struct Published {
    /// The name it is published under.
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
      // In development a source answers under its own name for the one that the manifest has.
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
