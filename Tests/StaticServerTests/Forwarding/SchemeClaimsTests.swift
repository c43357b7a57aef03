import StaticAssets
import Testing

@testable import StaticServer

/// The scheme in the fields of a trusted proxy, and which of them the app gets.
///
/// Goal: the app finds one scheme, whichever field it reads; contradictions are resolved by the
/// rule of `SchemeClaims`.
@Suite struct SchemeClaimsTests {
  private static func forward(
    _ fields: [String],
    trust: ForwardingTrust = .everyone,
    isSecure: Bool = false
  ) throws -> ForwardedHead {
    try ForwardedHead.forward(
      "GET / HTTP/1.1\r\nHost: x\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n",
      trust: trust,
      isSecure: isSecure
    )
  }

  static let rows: [([String], String)] = [
    ([], "http"),
    // X-Forwarded-Proto: the last list member, if it is a scheme.
    (["X-Forwarded-Proto: https"], "https"), (["X-Forwarded-Proto: HTTPS"], "https"),
    (["X-Forwarded-Proto: http"], "http"), (["X-Forwarded-Proto: https, http"], "http"),
    (["X-Forwarded-Proto: http", "X-Forwarded-Proto: https"], "https"),
    (["X-Forwarded-Proto: wss"], "https"), (["X-Forwarded-Proto: https, ws"], "http"),
    (["X-Forwarded-Proto: https "], "https"), (["X-Forwarded-Proto:"], "http"),
    (["X-Forwarded-Proto: https evil"], "http"),
    // Each other field alone.
    (["X-Forwarded-Ssl: on"], "https"), (["X-Forwarded-Ssl: off"], "http"),
    (["X-Forwarded-Ssl: evil"], "http"), (["X-Forwarded-Protocol: ssl"], "https"),
    (["X-Forwarded-Protocol: https"], "https"), (["X-Forwarded-Protocol: http"], "http"),
    (["X-Forwarded-Scheme: https"], "https"), (["X-Forwarded-Https: on"], "https"),
    (["Front-End-Https: on"], "https"), (["Front-End-Https: off"], "http"),
    (["X-Url-Scheme: https"], "https"), (["X-Scheme: https"], "https"), (["X-Https: 1"], "https"),
    (["Https: on"], "https"), (["CloudFront-Forwarded-Proto: https"], "https"),
    (["CF-Visitor: {\"scheme\":\"https\"}"], "https"),
    (["CF-Visitor: {\"scheme\":\"http\"}"], "http"), (["Fastly-SSL: 1"], "https"),
    (["X-AppEngine-Https: on"], "https"), (["X-Client-SSL: on"], "https"),
    (["Is-SSL: ssl"], "https"),
    (["WL-Proxy-SSL: true"], "https"), (["Forwarded: proto=https"], "https"),
    (["Forwarded: for=9.9.9.9;proto=HTTPS;host=a"], "https"),
    (["Forwarded: proto=\"https\""], "https"),
    (["Forwarded: proto=https, for=9.9.9.9;proto=http"], "http"),
    (["Forwarded: proto=https, for=9.9.9.9"], "http"), (["Forwarded: proto=\"https"], "http"),
    // Contradictions.
    (["X-Forwarded-Proto: http", "X-Forwarded-Ssl: on"], "http"),
    (["X-Forwarded-Ssl: off", "X-Forwarded-Proto: https"], "https"),
    (["X-Forwarded-Proto: http", "Forwarded: proto=https"], "http"),
    (["Forwarded: proto=https", "X-Forwarded-Ssl: off"], "https"),
    (["Forwarded: proto=http", "X-Forwarded-Ssl: on"], "http"),
    (["X-Forwarded-Proto: evil", "X-Forwarded-Ssl: on"], "https"),
    (["X-Forwarded-Ssl: on", "X-Forwarded-Protocol: http"], "http"),
    (["X-Forwarded-Protocol: http", "X-Forwarded-Ssl: on"], "http"),
    (["X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl"], "https"),
    (["X-Forwarded-Ssl: on", "X-Forwarded-Protocol: evil"], "https"),
    (["CloudFront-Forwarded-Proto: https", "X-Forwarded-Proto: http"], "http"),
    (["CloudFront-Forwarded-Proto: https", "X-Forwarded-Scheme: http"], "http"),
  ]

  @Test("the scheme reported by a trusted proxy", arguments: rows)
  func scheme(fields: [String], expected: String) throws {
    let head = try Self.forward(fields)
    #expect(head["x-forwarded-proto"] == expected)
    #expect(head["x-forwarded-port"] == (expected == "https" ? "443" : "80"))
    // No other forwarded field contradicts the scheme.
    let agreeing = expected == "https" ? ["on", "ssl", "https"] : ["off", "http"]
    for name in Self.general {
      #expect(head.values(name).allSatisfy(agreeing.contains))
    }
    // Fields of an untrusted client are ignored, and an encrypted connection stays https.
    let stranger = try Self.forward(fields, trust: .nobody, isSecure: true)
    #expect(stranger["x-forwarded-proto"] == "https")
    for field in fields where !field.hasPrefix("X-Forwarded-Proto:") {
      #expect(stranger.values(field.prefix { $0 != ":" }.lowercased()).isEmpty)
    }
  }

  private static let general = [
    "x-forwarded-ssl", "x-forwarded-protocol", "x-forwarded-scheme", "x-forwarded-https",
    "front-end-https", "x-url-scheme", "x-scheme", "x-https", "https",
  ]

  @Test(
    "a field is kept if it agrees, in the exact bytes that servers compare with",
    arguments: [
      ("https", "X-Forwarded-Ssl: on", true), ("https", "X-Forwarded-Ssl: off", false),
      ("https", "X-Forwarded-Ssl: ON", false), ("https", "X-Forwarded-Ssl: 1", false),
      ("http", "X-Forwarded-Ssl: off", true), ("http", "X-Forwarded-Ssl: on", false),
      ("https", "X-Forwarded-Protocol: ssl", true),
      // gunicorn treats it as http.
      ("https", "X-Forwarded-Protocol: https", false),
      ("http", "X-Forwarded-Protocol: http", true), ("http", "X-Forwarded-Protocol: ssl", false),
      ("https", "X-Scheme: https", true), ("https", "X-Scheme: http", false),
      ("http", "X-Url-Scheme: http", true), ("https", "Front-End-Https: on", true),
      ("https", "X-Forwarded-Scheme: HTTPS", false),
      ("http", "CloudFront-Forwarded-Proto: https", true),
      ("http", "CF-Visitor: {\"scheme\":\"https\"}", true),
    ]
  )
  func stays(proto: String, field: String, expected: Bool) throws {
    let head = try Self.forward(["X-Forwarded-Proto: \(proto)", field])
    #expect(head["x-forwarded-proto"] == proto)
    let name = field.prefix { $0 != ":" }.lowercased()
    #expect(head.values(name).count == (expected ? 1 : 0))
  }

  @Test(
    "a platform's router sets only X-Forwarded-Proto; its own fields are kept",
    arguments: ForwardingPlatform.allCases
  )
  func platform(platform: ForwardingPlatform) throws {
    let trust = ForwardingTrust.platform(platform)
    let head = try Self.forward(["X-Forwarded-Ssl: on", "X-AppEngine-Https: on"], trust: trust)
    #expect(head["x-forwarded-proto"] == "http")
    #expect(head.values("x-forwarded-ssl").isEmpty)
    #expect(head.values("x-appengine-https").count == (platform == .appEngine ? 1 : 0))
  }
}
