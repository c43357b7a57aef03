/// The scheme, host and port of a URL.
package struct HTTPAddress: Hashable, Sendable {
  /// Whether the connection uses TLS.
  package let isSecure: Bool
  /// A name, or an IP address without brackets.
  package let host: String
  /// 1 to 65535.
  package let port: Int

  package init(isSecure: Bool, host: String, port: Int? = nil) {
    self.isSecure = isSecure
    self.host = host
    self.port = port ?? (isSecure ? 443 : 80)
  }

  /// Parses `http://host:port` or `https://host`; a path may follow, whose non-ASCII bytes are
  /// percent-encoded.
  ///
  /// Nil for anything else, including a URL with a user name or password, which would be visible in
  /// the process list.
  package static func parse(_ url: String) -> (address: HTTPAddress, path: String)? {
    let isSecure: Bool
    let rest: Substring
    if url.lowercased().hasPrefix("https://") {
      (isSecure, rest) = (true, url.dropFirst(8))
    } else if url.lowercased().hasPrefix("http://") {
      (isSecure, rest) = (false, url.dropFirst(7))
    } else {
      return nil
    }
    // A control character would end the request line.
    guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"?#\\".utf8.contains($0) }) else {
      return nil
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@"), let (host, port) = split(authority) else { return nil }
    let path = rest.dropFirst(authority.count).utf8
    let target = path.map { byte in
      byte < 0x80
        ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
    }
    return (HTTPAddress(isSecure: isSecure, host: host, port: port), target.joined())
  }

  /// Whether a URL has user information before its host.
  static func hasUser(_ url: String) -> Bool {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.count > 2 && parts[2].contains("@")
  }

  /// The host and the port of `[::1]:80`, `name:80` or `name`.
  private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
    var host = authority
    var port = Substring()
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      port = authority[authority.index(after: end)...]
      guard host.contains(":"), port.isEmpty || port.hasPrefix(":") else { return nil }
      port = port.dropFirst()
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    let isNamed = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
    guard !host.isEmpty, isNamed else { return nil }
    if port.isEmpty { return (String(host), nil) }
    guard let number = Int(port), (1...65535).contains(number) else { return nil }
    return (String(host), number)
  }

  /// The value of `Host`, without the default port of the scheme.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// The URL without a path.
  package var url: String { "\(isSecure ? "https" : "http")://\(authority)" }
}
