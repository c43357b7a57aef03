import Foundation
import StaticAssets
import Testing

@testable import StaticServer

/// Requests as forwarded to the app.
///
/// Goal: whatever a client sends, the app gets its address, scheme, host and identifier only from
/// staticd or a trusted peer, and each field meant for the app unchanged.
@Suite struct ForwardedFieldsTests {
  private static func networks(_ texts: String...) throws -> ForwardingTrust {
    var networks = TrustedNetworks()
    for text in texts { try networks.add(text) }
    return .networks(networks)
  }

  private static func get(_ fields: String...) -> String {
    "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\n"
      + fields.map { $0 + "\r\n" }.joined() + "\r\n"
  }

  @Test("a plain request")
  func plain() throws {
    let head = try ForwardedHead.forward(Self.get("Accept:  text/html ", "Cookie: a=b; c=d"))
    #expect(head.requestLine == "GET /a?b=c HTTP/1.1")
    #expect(
      head.fields.map { "\($0.name)=\($0.value)" } == [
        "host=example.com", "accept=text/html ", "cookie=a=b; c=d", "via=1.1 staticd",
        "x-forwarded-for=203.0.113.9", "x-real-ip=203.0.113.9", "x-forwarded-proto=http",
        "x-forwarded-host=example.com", "x-forwarded-port=80",
        "x-request-id=\(ForwardedHead.identifier)", "x-request-start=t=1700000000123",
      ]
    )
  }

  /// Fields that an untrusted client must not set, in notations that have deceived apps.
  static let forgeries = [
    "X-Forwarded-For: 127.0.0.1", "x-forwarded-for: 10.0.0.1, 10.0.0.2", "X-FORWARDED-FOR:evil",
    "X-Forwarded-Proto: https", "X-Forwarded-Protocol: ssl", "X-Forwarded-Ssl: on",
    "X-Forwarded-Scheme: https", "X-Forwarded-Host: evil", "X-Forwarded-Server: evil",
    "X-Forwarded-Port: 443", "X-Forwarded-Prefix: /evil", "X-Forwarded-User: evil",
    "X-Forwarded-Email: evil", "X-Forwarded-By: evil", "X-Forwarded: for=evil",
    "X-Forwarded-Client-Cert: evil", "X-Forwarded-Uri: /evil", "X-Forwarded-Path: /evil",
    "Forwarded: for=127.0.0.1;proto=https;host=evil", "Forwarded-For: evil", "X-Real-IP: evil",
    "X-Real-Ip:127.0.0.1", "X-Client-IP: evil", "X-Cluster-Client-IP: evil",
    "True-Client-IP: evil", "CF-Connecting-IP: evil", "CF-Visitor: {\"scheme\":\"https\"}",
    "Cf-Ipcountry: evil", "Fastly-Client-IP: evil", "Fly-Client-IP: evil",
    "Fly-Forwarded-Proto: https", "X-AppEngine-User-Email: evil", "X-Appengine-Cron: true",
    "X-Azure-ClientIP: evil", "X-ARR-SSL: evil", "X-Envoy-External-Address: evil",
    "X-Envoy-Original-Path: /evil", "X-Original-URL: /evil", "X-Original-Host: evil",
    "X-Original-Forwarded-For: evil", "X-Rewrite-URL: /evil", "X-Host: evil",
    "X-HTTP-Host-Override: evil", "X-Scheme: https", "X-Url-Scheme: https",
    "Front-End-Https: on", "X-Script-Name: /evil", "Script-Name: /evil", "SCRIPT_NAME: /evil",
    "Path-Info: /evil", "PATH_INFO: /evil", "X-Path-Info: /evil", "Remote-User: evil",
    "REMOTE_USER: evil", "X-Remote-User: evil", "X-Remote-Addr: evil", "X-Remote-IP: evil",
    "Remote-Addr: evil", "Remote_Addr: evil", "X-ProxyUser-Ip: evil", "Proxy-Client-IP: evil",
    "WL-Proxy-Client-IP: evil", "X-SSL-Client-S-DN: evil", "SSL-Client-Cert: evil",
    "X-Client-Cert: evil", "X-Client-Verify: SUCCESS", "X-Accel-Mapping: /=/",
    "X-Railway-Edge: evil",
    "X-Sendfile-Type: X-Accel-Redirect", "X-Request-Start: t=1", "X-Queue-Start: t=1",
    "X-Request-Id: evil", "X_Forwarded_For: evil", "X_FORWARDED_PROTO: https",
    "X-Forwarded_Proto: https", "X_Forwarded-Proto: https", "X_Real_IP: evil", "HTTPS_: on",
    "X.Forwarded.Proto: https", "X!Forwarded!Proto: https", "X~Real~IP: evil", "A_B: evil",
    "Authorization_: evil", "Content_Length: 5", "Transfer_Encoding: chunked", "Host_: evil",
    "Proxy: http://evil", "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic evil",
    "Keep-Alive: 5", "TE: trailers", "Trailer: Evil", "Upgrade: h2c", "HTTP2-Settings: evil",
  ]

  @Test("fields that only a proxy may set do not reach the app", arguments: forgeries)
  func forgery(field: String) throws {
    let plain = try ForwardedHead.forward(Self.get())
    let forged = try ForwardedHead.forward(Self.get(field))
    #expect(forged.fields.map(\.name) == plain.fields.map(\.name))
    #expect(forged.fields.map(\.value) == plain.fields.map(\.value))
  }

  @Test("a peer outside of the trusted networks is untrusted", arguments: forgeries)
  func strangers(field: String) throws {
    let trust = try Self.networks("10.0.0.0/8", "fd00::/8")
    let plain = try ForwardedHead.forward(Self.get(), trust: trust)
    let forged = try ForwardedHead.forward(Self.get(field), trust: trust)
    #expect(forged.fields.map(\.value) == plain.fields.map(\.value))
  }

  @Test(
    "similar fields that belong to the app are forwarded",
    arguments: [
      "X-Forward: a", "X-Custom: a", "X-CSRFToken: a", "X-Requested-With: XMLHttpRequest",
      "X-Client-Data: a", "X-Client-Version: 1", "X-HTTP-Method-Override: PUT", "Range: bytes=0-1",
      "Accept-Encoding: br", "Content-Type: text/plain", "If-None-Match: \"a\"",
      "Sec-WebSocket-Key: a", "Traceparent: a", "X-Correlation-Id: a", "Cookie: x-forwarded-for=1",
      "Origin: null", "Referer: http://x/", "User-Agent: a", "Authorization: Basic a", "X: a",
      "Scheme: a", "Tea: a", "Keep: a", "Remote: a", "Empty:",
    ]
  )
  func ordinary(field: String) throws {
    let head = try ForwardedHead.forward(Self.get(field))
    let name = field.prefix { $0 != ":" }.lowercased()
    let value = field.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
    #expect(head[name] == String(value))
  }

  @Test("fields that Connection names are removed, in any case and on several lines")
  func connection() throws {
    let head = try ForwardedHead.forward(
      Self.get(
        "Connection: close, X-One",
        "X-One: 1",
        "connection:x-TWO",
        "X-Two: 2",
        "X-Three: 3",
        "X-Two: 2"
      )
    )
    #expect(head.values("x-one") + head.values("x-two") + head.values("connection") == [])
    #expect(head["x-three"] == "3")
  }

  @Test("Connection cannot remove fields of staticd, nor those of a trusted proxy")
  func connectionAbuse() throws {
    let head = try ForwardedHead.forward(
      Self.get(
        "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Real-IP, Host, X-Request-Id",
        "X-Forwarded-For: 198.51.100.7",
        "X-Forwarded-Proto: https"
      ),
      from: "10.0.0.1",
      trust: .everyone
    )
    #expect(head["x-forwarded-for"] == "198.51.100.7")
    #expect(head["x-forwarded-proto"] == "https")
    #expect(head["x-real-ip"] == "198.51.100.7")
    #expect(head["host"] == "example.com")
    #expect(head["x-request-id"] == ForwardedHead.identifier)
  }

  @Test("the maximum number of fields in Connection, and one more", arguments: [16, 17])
  func connectionLimit(count: Int) throws {
    let names = (0..<count).map { "x\($0)" }.joined(separator: ",")
    var buffer = ByteBuffer(capacity: 65536)
    let isAppended = try ForwardedHead.append(Self.get("Connection: \(names)"), to: &buffer)
    #expect(isAppended == (count <= ConnectionOptions.countMax))
    #expect((buffer.count > 0) == isAppended)
  }

  @Test(
    "host and port",
    arguments: [
      ([], "example.com", "80"), (["X-Forwarded-Host: a.b"], "a.b", "80"),
      (["X-Forwarded-Host: evil, a.b:81"], "a.b:81", "81"),
      (["X-Forwarded-Host: a/b"], "example.com", "80"),
      (["X-Forwarded-Host: a@b"], "example.com", "80"),
      (["X-Forwarded-Port: 8443"], "example.com", "8443"),
      (["X-Forwarded-Port: 1, 2"], "example.com", "2"),
      (["X-Forwarded-Port: 123456"], "example.com", "80"),
      (["X-Forwarded-Port: -1"], "example.com", "80"),
      (["X-Forwarded-Host: [::1]:82"], "[::1]:82", "82"),
      (["X-Forwarded-Host: [::1]"], "[::1]", "80"),
    ] as [([String], String, String)]
  )
  func host(fields: [String], host: String, port: String) throws {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let head = try ForwardedHead.forward(
      "GET / HTTP/1.1\r\nHost: example.com\r\n\(lines)\r\n",
      trust: .everyone
    )
    #expect(head["x-forwarded-host"] == host)
    #expect(head["x-forwarded-port"] == port)
    #expect(head["host"] == "example.com")
  }

  @Test(
    "identifiers and times of a trusted proxy, if they are valid",
    arguments: [
      ("X-Request-Id: abc-123_x", "abc-123_x", nil),
      (
        "X-Request-Id: \(String(repeating: "a", count: 200))", String(repeating: "a", count: 200),
        nil
      ),
      ("X-Request-Id: \(String(repeating: "a", count: 201))", nil, nil),
      ("X-Request-Id: a b", nil, nil), ("X-Request-Id: a\"b", nil, nil),
      ("X-Request-Id:", nil, nil),
      ("X-Request-Id: a,b", nil, nil), ("X-Request-Id: \u{e9}", nil, nil),
      ("X-Request-Start: t=1700000000", nil, "t=1700000000"),
      ("X-Request-Start: 1700000000.123", nil, "1700000000.123"),
      ("X-Request-Start: t=", nil, nil), ("X-Request-Start: t=1;evil", nil, nil),
      ("X-Request-Start: 1.2.3", nil, nil), ("X-Request-Start: .5", nil, nil),
      ("X-Request-Start: \(String(repeating: "1", count: 25))", nil, nil),
    ] as [(String, String?, String?)]
  )
  func identifier(field: String, identifier: String?, start: String?) throws {
    let head = try ForwardedHead.forward(Self.get(field), trust: .everyone)
    #expect(head["x-request-id"] == identifier ?? ForwardedHead.identifier)
    #expect(head["x-request-start"] == start ?? "t=1700000000123")
  }

  @Test("other fields of a trusted proxy are forwarded")
  func others() throws {
    let fields = [
      "CF-Ray: 1", "SSL-Client-Verify: NONE", "X-Auth-Request-User: a", "True-Client-IP: b",
    ]
    let head = try ForwardedHead.forward(
      Self.get(fields[0], fields[1], fields[2], fields[3]),
      trust: .everyone
    )
    for field in fields {
      let parts = field.components(separatedBy: ": ")
      #expect(head[parts[0].lowercased()] == parts[1])
    }
  }

  @Test("names with underscores are never forwarded, not even from trusted proxies")
  func underscores() throws {
    let head = try ForwardedHead.forward(Self.get("SCRIPT_NAME: /a", "A_B: c"), trust: .everyone)
    #expect(head.fields.allSatisfy { !$0.name.contains("_") })
  }

  @Test("fields set by a platform's router are trusted", arguments: ForwardingPlatform.allCases)
  func platform(platform: ForwardingPlatform) throws {
    let head = try ForwardedHead.forward(
      Self.get(
        "X-Forwarded-Proto: https",
        "X-Real-IP: 6.6.6.6",
        "X-Forwarded-For: 1.1.1.1, 9.9.9.9",
        "Fly-Client-IP: 5.5.5.5",
        "CF-Connecting-IP: 4.4.4.4",
        "X-AppEngine-User-IP: 3.3.3.3",
        "X-Railway-Edge: e",
        "X-Script-Name: /evil",
        "Forwarded: for=x",
        "X-Request-Id: abc",
        "X-Original-URL: /evil",
        "Remote-User: evil"
      ),
      from: "10.0.0.1",
      trust: .platform(platform)
    )
    #expect(head["x-forwarded-proto"] == "https")
    let named = [
      ForwardingPlatform.railway: "6.6.6.6", .fly: "5.5.5.5", .render: "4.4.4.4",
      .appEngine: "3.3.3.3",
    ]
    #expect(head["x-real-ip"] == named[platform, default: "9.9.9.9"])
    #expect(
      head["x-forwarded-for"]
        == named[platform, default: "9.9.9.9"]
    )
    #expect((head["fly-client-ip"] == "5.5.5.5") == (platform == .fly))
    #expect((head["x-railway-edge"] == "e") == (platform == .railway))
    #expect((head["x-request-id"] == "abc") == (platform == .heroku))
    for name in ["x-script-name", "forwarded", "x-original-url", "remote-user", "cf-connecting-ip"]
    {
      #expect(head.values(name).isEmpty)
    }
    #expect(ForwardingPlatform { $0 == platform.variable ? "x" : nil } == platform)
  }

  @Test(
    "fields of a platform are the router's there and forged elsewhere",
    arguments: [
      ("Fly-Region", [.fly]), ("X-Railway-Edge", [.railway]), ("X-AppEngine-Country", [.appEngine]),
      ("X-Goog-IAP-JWT-Assertion", [.appEngine, .cloudRun]),
      ("X-Goog-Authenticated-User-Email", []),
      ("X-ARR-SSL", [.azure]), ("X-MS-Client-Principal-Name", [.azure]),
      ("X-MS-Token-AAD-Id-Token", [.azure]), ("X-MS-Proxy", []), ("X-Amzn-Oidc-Identity", []),
    ] as [(String, [ForwardingPlatform])]
  )
  func platformFields(name: String, owners: [ForwardingPlatform]) throws {
    for platform in ForwardingPlatform.allCases {
      let head = try ForwardedHead.forward(Self.get("\(name): a"), trust: .platform(platform))
      #expect(head[name.lowercased()] == (owners.contains(platform) ? "a" : nil))
    }
  }

  @Test("without a variable, or with an empty one, there is no platform")
  func noPlatform() {
    #expect(ForwardingPlatform { _ in nil } == nil)
    #expect(ForwardingPlatform { _ in "" } == nil)
  }

  @Test(
    "targets and hosts",
    arguments: [
      ("GET http://a.b/c?d HTTP/1.1", "Host: other", "GET /c?d HTTP/1.1", "a.b"),
      ("GET http://a.b:81 HTTP/1.1", "Host: other", "GET / HTTP/1.1", "a.b:81"),
      ("GET http://a.b?q HTTP/1.1", "Host: other", "GET /?q HTTP/1.1", "a.b"),
      ("GET /%2e%2E//%2Fx HTTP/1.1", "Host: a", "GET /%2e%2E//%2Fx HTTP/1.1", "a"),
      ("delete /x HTTP/1.7", "Host: a", "delete /x HTTP/1.1", "a"),
      ("GET / HTTP/1.0", "A: b", "GET / HTTP/1.1", "127.0.0.1:8000"),
      ("GET / HTTP/1.0", "Host: a", "GET / HTTP/1.1", "a"),
      ("GET / HTTP/1.1", "Host:", "GET / HTTP/1.1", ""),
    ]
  )
  func target(line: String, field: String, forwarded: String, host: String) throws {
    let head = try ForwardedHead.forward("\(line)\r\n\(field)\r\n\r\n")
    #expect(head.requestLine == forwarded)
    #expect(head.values("host") == [host])
    #expect(head["x-forwarded-host"] == host)
    // The same port as in the host.
    let port = host.contains(":") ? String(host.split(separator: ":").last ?? "") : "80"
    #expect(head["x-forwarded-port"] == port)
  }

  @Test("framing and upgrade fields are left to the caller")
  func framing() throws {
    let head = try ForwardedHead.forward(
      Self.get(
        "Content-Length: 0",
        "Expect: 100-continue",
        "Connection: Upgrade",
        "Upgrade: websocket"
      )
    )
    let plain = try ForwardedHead.forward(Self.get())
    #expect(head.fields.map(\.name) == plain.fields.map(\.name))
    let chunked = try ForwardedHead.forward(Self.get("Transfer-Encoding: chunked", "Trailer: A"))
    #expect(chunked.fields.map(\.name) == plain.fields.map(\.name))
  }

  @Test("an encrypted connection")
  func secure() throws {
    let head = try ForwardedHead.forward(Self.get("X-Forwarded-Proto: http"), isSecure: true)
    #expect(head["x-forwarded-proto"] == "https")
    #expect(head["x-forwarded-port"] == "443")
  }

  @Test("a host of the maximum length, and one byte longer", arguments: [261, 262])
  func hostLimit(count: Int) throws {
    let host = String(repeating: "a", count: count)
    var buffer = ByteBuffer(capacity: 65536)
    let request = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
    let isAppended = try ForwardedHead.append(request, to: &buffer)
    #expect(isAppended == (count <= ForwardedFields.hostBytesMax))
    #expect((buffer.count > 0) == isAppended)
  }

  @Test("identifiers differ, and have all their digits")
  func identifiers() {
    var all: [RequestIdentifier] = []
    for _ in 0..<2 {
      var identifiers = RequestIdentifiers()
      for _ in 0..<100 { all.append(identifiers.next()) }
    }
    for (index, one) in all.enumerated() { #expect(!all[..<index].contains(one)) }
    #expect(all[0].high != all[100].high)
    var buffer = ByteBuffer(capacity: 32)
    buffer.append(RequestIdentifier(high: 10, low: 11))
    let digits = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    #expect(digits == Array(ForwardedHead.identifier.utf8))
  }
}
