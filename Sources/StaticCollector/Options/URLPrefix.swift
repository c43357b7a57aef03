/// Django's STATIC_URL, as written by users.
public struct URLPrefix: Equatable, Sendable {
  /// The URL with a trailing slash: a path such as `/static/`, or a complete URL.
  public let url: String

  /// The path, which begins and ends with a slash.
  public let path: String

  /// Reads `/static/`, `static/`, `/` or `https://cdn.example/static/`.
  ///
  /// Nil if the text is neither a path nor a URL, or has a query, a fragment or white space.
  public init?(_ text: String) {
    guard !text.isEmpty, !text.contains(where: { $0 == "?" || $0 == "#" || $0.isWhitespace })
    else { return nil }
    let complete = text.hasSuffix("/") ? text : text + "/"
    if let scheme = complete.range(of: "://") {
      guard scheme.lowerBound > complete.startIndex else { return nil }
      let rest = complete[scheme.upperBound...]
      guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { return nil }
      url = complete
      path = String(rest[slash...])
    } else if complete.hasPrefix("//") {
      // Another host, with the scheme of the page.
      let rest = complete.dropFirst(2)
      guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { return nil }
      url = complete
      path = String(rest[slash...])
    } else {
      // Django treats a relative STATIC_URL as relative to the root.
      url = complete.hasPrefix("/") ? complete : "/" + complete
      path = url
    }
    guard !path.hasPrefix("//") else { return nil }
  }
}

extension String {
  /// The first occurrence of `text`.
  fileprivate func range(of text: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
  }
}
