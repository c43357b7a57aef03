/// URLs for templates.
extension FileTable {
  /// The percent-encoded URL path of the file `name`, as Django's `{% static %}` returns it: the
  /// hashed name if a manifest lists the file.
  ///
  /// ```swift
  /// assets.url(for: "css/app.css")  // "/static/css/app.5d41402abc4b.css"
  /// ```
  ///
  /// - Parameter name: the path below the file's directory, not percent-encoded; `/css/app.css`
  ///   means `css/app.css`. If no file has the whole name, a part from `#` or `?` on is kept
  ///   unchanged: `icons.svg#menu`.
  /// - Returns: nil when no mount has the file.
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

  /// The result of looking up a template's file name.
  package enum Reference: Equatable, Sendable {
    /// A URL whose content never changes.
    case hashed(String)
    /// A URL that browsers have to revalidate, although a hashed URL exists or could exist.
    case unhashed(String)
    /// No file has the name.
    case unknown
  }

  /// The URL for the file `name`, and whether it is hashed, for warnings about templates.
  ///
  /// In development a source counts as hashed, because collecting will hash it; files of public
  /// directories never get a hashed name.
  ///
  /// - Parameters:
  ///   - name: as for `url(for:)`.
  ///   - isDevelopment: whether the table serves sources.
  package func reference(to name: String, isDevelopment: Bool) -> Reference {
    guard let published = published(Array(name.utf8)) else { return .unknown }
    let url = String(decoding: published.url, as: UTF8.self)
    let isHashed =
      isDevelopment ? mounts[published.mount].kind != .public : isImmutable(published.entry)
    return isHashed ? .hashed(url) : .unhashed(url)
  }

  /// The URL of a file that does not exist, so that the browser's 404 shows the missing name.
  package func urlOfMissing(_ name: String) -> String {
    let path = name.hasPrefix("/") ? String(name.dropFirst()) : name
    let bytes = Array((mounts.first?.prefix ?? "/").utf8) + PercentEncoding.path(Array(path.utf8))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The URL path of the mount that contains `path`; nil for none.
  package func prefix(covering path: String) -> String? {
    mounts.first { path.hasPrefix($0.prefix) }?.prefix
  }

  private func isImmutable(_ entry: FileEntry) -> Bool {
    guard entry.kind == .file else { return false }
    let head = copy(representations[Int(entry.firstRepresentation)].okHead.bytes)
    return String(decoding: head, as: UTF8.self).contains(text: ", immutable\r\n")
  }

  /// A file that a template refers to.
  private struct Published {
    /// The published name.
    let name: [UInt8]
    let url: [UInt8]
    let names: PublishedNames
    let entry: FileEntry
    /// The index in `mounts`.
    let mount: Int
  }

  private func published(_ given: [UInt8]) -> Published? {
    let name = given.first == UInt8(ascii: "/") ? Array(given.dropFirst()) : given
    if let found = published(name, suffix: []) { return found }
    guard let end = name.firstIndex(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "?") })
    else { return nil }
    return published(Array(name[..<end]), suffix: name[end...])
  }

  private func published(_ name: [UInt8], suffix: ArraySlice<UInt8>) -> Published? {
    for (number, names) in publishedNames.enumerated() {
      let prefix = Array(mounts[number].prefix.utf8)
      // In development the manifest may have a hashed name for a source that is served unhashed.
      for stored in [names.published(name), name].compactMap({ $0 }) {
        let path = prefix + stored
        guard let entry = entry(at: path.span, 0..<path.count), entry.kind != .absent else {
          continue
        }
        let url = prefix + PercentEncoding.path(stored) + suffix
        return Published(name: stored, url: url, names: names, entry: entry, mount: number)
      }
    }
    return nil
  }
}
