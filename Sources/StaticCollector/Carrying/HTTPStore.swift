public import StaticAssets
internal import Synchronization

/// The releases that a site shows below its static URL, by HTTP/1.1 without TLS.
///
/// Connections are kept for the next file. Each file is asked for without a coding, so that its bytes
/// can be compared with its digests; codings are made anew, or come from the cache.
public final class HTTPStore: ReleaseStore {
  /// The largest file that is read, in bytes.
  static let byteCountMax = 1 << 30

  private let url: HTTPURL
  private let idle = Mutex<[HTTPConnection]>([])

  /// The site at `url`, such as `http://web:8000/static/`.
  ///
  /// - Throws: for text that is no such URL.
  public init(_ url: String) throws(ReleaseStoreError) {
    self.url = try HTTPURL(url)
  }

  /// The URL.
  public var place: String { url.description }

  /// All bytes of the file `name` at the site; nil when it answers 404 or 410.
  public func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? {
    let target = url.target(of: name)
    // The site may have closed a connection that waited: the request is sent once more.
    if let kept = idle.withLock({ $0.popLast() }),
      let response = try? kept.get(target, host: url.authority)
    {
      return try bytes(of: response, kept)
    }
    let connection = try HTTPConnection(host: url.host, port: url.port)
    return try bytes(of: try connection.get(target, host: url.authority), connection)
  }

  private func bytes(
    of response: HTTPConnection.Response,
    _ connection: HTTPConnection
  ) throws(ReleaseStoreError) -> [UInt8]? {
    if response.keepsConnection { idle.withLock { $0.append(connection) } }
    switch response.status {
    case 200:
      guard response.isIdentity else {
        throw ReleaseStoreError("it sends a content coding that was not asked for")
      }
      return response.content
    case 404, 410: return nil
    case 301, 302, 303, 307, 308:
      throw ReleaseStoreError("it redirects (\(response.status)); name the URL that it leads to")
    default: throw ReleaseStoreError("it answers \(response.status)")
    }
  }
}

/// The parts of an `http` URL. RFC 9110 §4.2.1
struct HTTPURL: Equatable, Sendable, CustomStringConvertible {
  let host: String
  let port: String
  /// The value of `Host`.
  let authority: String
  /// Begins and ends with a slash.
  let path: String

  init(_ text: String) throws(ReleaseStoreError) {
    let scheme = "http://"
    let advice = ReleaseStoreError("give a URL such as http://web:8000/static/")
    guard text.lowercased().hasPrefix(scheme),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("#"), !text.contains("?")
    else { throw advice }
    let rest = text.dropFirst(scheme.utf8.count)
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = rest[..<end]
    guard !authority.contains("@") else {
      throw ReleaseStoreError("user and password in a URL are not sent; leave them out")
    }
    var host = authority
    var port = Substring("80")
    let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[bracket...].lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, let number = UInt16(port), number > 0 else { throw advice }
    self.host = String(host)
    self.port = String(number)
    self.authority = String(authority)
    let path = rest[end...]
    self.path = path.hasSuffix("/") ? String(path) : path + "/"
  }

  /// The request target of the file `name`.
  func target(of name: BytePath) -> String {
    let segments = name.bytes.split(
      separator: UInt8(ascii: "/"),
      omittingEmptySubsequences: false
    )
    let encoded = segments.map { segment in
      String(decoding: StaticAssets.PercentEncoding.segment(segment), as: UTF8.self)
    }
    return path + encoded.joined(separator: "/")
  }

  var description: String { "http://\(authority)\(path)" }
}
