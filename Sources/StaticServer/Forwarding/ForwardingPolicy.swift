internal import StaticAssets

/// The trust in forwarding fields, and the fields for the app and for clients.
public struct ForwardingPolicy: Equatable, Sendable {
  /// The peers that are trusted to report a client's address, scheme and host; none by default.
  public var trust = ForwardingTrust.nobody
  /// The content of `X-Forwarded-For`, and of `Forwarded` if a trusted proxy sends it.
  public var forwardedFor = ForwardedFor.client
  /// The host of the redirects to HTTPS, optionally with a port; nil, the default, for that of the
  /// request.
  public var redirectHost: String?
  /// Whether requests that a trusted proxy received over HTTP are redirected to HTTPS; false by
  /// default.
  ///
  /// If no trusted proxy reports the scheme, as for a health check, the request is processed
  /// normally.
  public var redirectsToHTTPS = false
  /// Shell patterns (`*`, `?`, `[abc]`, `[!abc]`) of the decoded paths whose requests are not
  /// redirected, such as `/healthz` and `/hooks/*`; none by default.
  ///
  /// Source: Django's SECURE_REDIRECT_EXEMPT, which has regular expressions.
  public var redirectExemptions: [String] = []
  /// The `Strict-Transport-Security` field of responses over HTTPS, files included; nil, the
  /// default, sends none.
  public var strictTransport: StrictTransport?
  /// Whether responses of the app get `Server-Timing` with the app's time; false by default.
  public var sendsServerTiming = false

  /// A policy that trusts no peer and adds no field.
  public init() {}

  /// Whether `text` can stand in a URL as a host with an optional port.
  package static func isHost(_ text: String) -> Bool {
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:[]")
    return !text.isEmpty && text.utf8.count <= 253 && text.allSatisfy(allowed.contains)
  }
}

/// A `Strict-Transport-Security` field: browsers use only HTTPS for the site.
///
/// Source: RFC 6797.
public struct StrictTransport: Equatable, Sendable {
  /// The time that browsers store the policy, in whole seconds; 0 removes it.
  public var maxAge: Duration
  /// Whether the policy applies to subdomains; false by default.
  public var includesSubdomains = false
  /// Whether browsers may preload the policy, which is hard to undo; false by default.
  public var isPreloaded = false

  /// A policy for the host itself, for `maxAge`, which must not be negative.
  public init(maxAge: Duration) {
    self.maxAge = maxAge
  }

  /// The field's line, at most 100 bytes.
  var fieldLine: String {
    "Strict-Transport-Security: max-age=\(maxAge.wholeSeconds)"
      + (includesSubdomains ? "; includeSubDomains" : "") + (isPreloaded ? "; preload" : "")
      + "\r\n"
  }
}

/// The content of `X-Forwarded-For` for the app.
///
/// An app that trusts its peer uses the first entry (uvicorn, daphne) or the last one (Heroku's
/// advice). Both are the client only if there is one entry. In a chain, the client can forge the
/// first entries.
public enum ForwardedFor: Equatable, Sendable {
  /// Only the client's address: the last one that is not a trusted proxy's.
  case client
  /// All entries of a trusted proxy, and the address of that proxy.
  case chain
}
