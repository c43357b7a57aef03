/// A URL split and joined as by Python's `urllib.parse`.
///
/// Its quirks affect Django's names: a tab in a name is dropped, a `word:` at the start is
/// lower-cased, an empty query is lost.
struct URLParts: Equatable {
  var scheme: [UInt8] = []
  var authority: [UInt8] = []
  var path: [UInt8] = []
  var query: [UInt8] = []
  var fragment: [UInt8] = []

  /// A URL that Python rejects with a `ValueError`.
  struct Malformed: Error {}

  /// Splits `url`: `urlsplit`.
  init(_ url: [UInt8]) throws(Malformed) {
    let removed: [UInt8] = [0x09, 0x0A, 0x0D]
    var rest = Array(url.drop { $0 <= 0x20 }.filter { !removed.contains($0) })[...]
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")), colon > rest.startIndex,
      isLetter(rest[rest.startIndex]), rest[..<colon].allSatisfy(isSchemeCharacter)
    {
      scheme = rest[..<colon].map { isLetter($0) ? $0 | 0x20 : $0 }
      rest = rest[(colon + 1)...]
    }
    if rest.starts(with: "//".utf8) {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
      authority = Array(rest[..<end])
      // Python validates the brackets of an IPv6 host; no file name has one, so all are rejected.
      guard !authority.contains(UInt8(ascii: "[")), !authority.contains(UInt8(ascii: "]")) else {
        throw Malformed()
      }
      rest = rest[end...]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
      fragment = Array(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      query = Array(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    path = Array(rest)
  }

  /// The URL joined from its parts: `urlunsplit`.
  var text: [UInt8] {
    var result = path
    if !authority.isEmpty {
      if !path.isEmpty, path.first != UInt8(ascii: "/") { result.insert(UInt8(ascii: "/"), at: 0) }
      result = Array("//".utf8) + authority + result
    } else if path.starts(with: "//".utf8)
      || (Self.schemesWithAuthority.contains(String(decoding: scheme, as: UTF8.self))
        && (path.isEmpty || path.first == UInt8(ascii: "/")))
    {
      result = Array("//".utf8) + result
    }
    if !scheme.isEmpty { result = scheme + [UInt8(ascii: ":")] + result }
    if !query.isEmpty { result += [UInt8(ascii: "?")] + query }
    if !fragment.isEmpty { result += [UInt8(ascii: "#")] + fragment }
    return result
  }

  /// The URL without its fragment, and the fragment: `urldefrag`.
  ///
  /// A URL without `#` is returned unchanged.
  static func withoutFragment(
    _ url: [UInt8]
  ) throws(Malformed) -> (url: [UInt8], fragment: [UInt8]) {
    guard url.contains(UInt8(ascii: "#")) else { return (url, []) }
    var parts = try URLParts(url)
    let fragment = parts.fragment
    parts.fragment = []
    parts.dropEmptyParameters()
    return (parts.text, fragment)
  }

  /// `urlparse` splits `;parameters` from the last segment and joins them again unless empty.
  private mutating func dropEmptyParameters() {
    guard Self.schemesWithParameters.contains(String(decoding: scheme, as: UTF8.self)) else {
      return
    }
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
    guard let mark = path[slash...].firstIndex(of: UInt8(ascii: ";")), mark == path.count - 1
    else { return }
    path.removeLast()
  }

  /// `urllib.parse.uses_netloc` without the empty scheme.
  private static let schemesWithAuthority: Set<String> = [
    "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp",
    "snews", "prospero", "rtsp", "rtsps", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs",
    "git", "git+ssh", "ws", "wss", "itms-services",
  ]

  /// The schemes of `urllib.parse.uses_params`.
  private static let schemesWithParameters: Set<String> = [
    "", "ftp", "hdl", "prospero", "http", "https", "shttp", "rtsp", "rtsps", "rtspu", "sip",
    "sips", "mms", "sftp", "tel",
  ]

  private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  private func isSchemeCharacter(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte &- UInt8(ascii: "0") < 10 || "+-.".utf8.contains(byte)
  }
}
