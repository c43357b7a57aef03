package import StaticAssets
package import StaticCollector

/// The releases of a site below its static URL, over HTTP or HTTPS.
///
/// Connections are reused. Files are requested without a content coding, so that their bytes can be
/// compared with the digests.
package struct SiteReleases: ReleaseStore {
  private let client: HTTPClient
  private let address: HTTPAddress
  /// Ends with a slash.
  private let path: String
  /// The URL.
  package let place: String

  /// The idle time-out of a site.
  private static let idleMilliseconds = 10_000
  private let policy: RetryPolicy

  /// The site at `url`, such as `http://web:8000/static/`.
  ///
  /// - Throws: `ReleaseStoreError` for a malformed URL.
  package init(_ url: String) throws(ReleaseStoreError) {
    // Retry a few times: the site may be starting or stopping.
    try self.init(url, RetryPolicy(attemptsMax: 4, retryAfterSecondsMax: 10))
  }

  init(_ url: String, _ policy: RetryPolicy) throws(ReleaseStoreError) {
    self.policy = policy
    guard !HTTPAddress.hasUser(url) else {
      throw ReleaseStoreError("user and password in a URL are not sent; leave them out")
    }
    guard let (address, path) = HTTPAddress.parse(url) else {
      throw ReleaseStoreError("give a URL such as http://web:8000/static/")
    }
    var limits = ConnectionLimits()
    limits.idleMilliseconds = Self.idleMilliseconds
    client = HTTPClient(limits)
    self.address = address
    self.path = path.hasSuffix("/") ? path : path + "/"
    place = address.url + self.path
  }

  /// All bytes of the file `name` at the site; nil for the statuses 404 and 410.
  package func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? {
    let request = HTTPRequest(
      method: "GET",
      target: path + URIText.encode(name.bytes, keepsSlashes: true),
      fields: [("Accept-Encoding", "identity"), ("Cache-Control", "no-cache")]
    )
    let response: HTTPResponse
    do throws(ConnectionFailure) {
      response = try client.send(request, to: address, policy)
    } catch {
      throw ReleaseStoreError(error.text)
    }
    switch response.status {
    case 200:
      guard ["", "identity"].contains(response.field("content-encoding") ?? "") else {
        throw ReleaseStoreError("it sends a content coding that was not asked for")
      }
      return response.body
    case 404, 410: return nil
    case 301, 302, 303, 307, 308:
      throw ReleaseStoreError("it redirects (\(response.status)); name the URL that it leads to")
    default: throw ReleaseStoreError("it answers \(response.status)")
    }
  }
}
