/// Django's STATIC_URL, as people write it.
public struct URLPrefix: Equatable, Sendable {
  /// With a slash at the end: a path such as `/static/`, or a whole URL.
  public let url: String

  /// The path part: begins and ends with a slash.
  public let path: String

  /// Reads `/static/`, `static/`, `/` or `https://cdn.example/static/`; nil when it is neither a
  /// path nor a URL, or has a query, a fragment or white space.
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
      // Another host, with the page's scheme.
      let rest = complete.dropFirst(2)
      guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { return nil }
      url = complete
      path = String(rest[slash...])
    } else {
      // Django reads a relative STATIC_URL as one below the root.
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
