import StaticAssets
import Testing

@testable import StaticServer

/// The app's field lines as sent to the client, and the redirect to HTTPS.
@Suite struct ForwardedResponseTests {
  private func fields(
    _ lines: String...,
    isSecure: Bool = false,
    milliseconds: Int64 = -1,
    _ change: (inout ForwardingPolicy) -> Void = { _ in }
  ) throws -> String {
    let result = append(lines, isSecure, milliseconds, .all, status: 200, change)
    return try #require(result)
  }

  /// The fields sent to the client for `lines`; nil if they are refused.
  private func append(
    _ lines: [String],
    _ isSecure: Bool = false,
    _ milliseconds: Int64 = -1,
    _ selection: ForwardedResponseFields.Selection = .all,
    status: Int = 200,
    _ change: (inout ForwardingPolicy) -> Void = { _ in }
  ) -> String? {
    let text = "HTTP/1.1 \(status) OK\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    let bytes = Array(text.utf8)
    var head = UpstreamResponseHead()
    guard UpstreamResponseHead.parse(bytes.span, isHead: false, into: &head) == .complete else {
      return nil
    }
    let appHead = Array(" abc ".utf8)
    var policy = ForwardingPolicy()
    change(&policy)
    var buffer = ByteBuffer(capacity: 4096)
    let told = ForwardedResponseFields.append(head, bytes.span, selection, to: &buffer)
    let addition = ForwardedResponseFields.Addition(
      identifier: ByteSlice(offset: 1, count: 3),
      isSecure: isSecure,
      appMilliseconds: milliseconds
    )
    ForwardedResponseFields.appendOurs(
      beside: told,
      addition,
      appHead.span,
      policy,
      to: &buffer
    )
    let result = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    return String(decoding: result, as: UTF8.self)
  }

  private let identifier = "X-Request-Id: abc\r\n"

  @Test("fields about the connection or the framing, or for a proxy, are not sent")
  func connectionSpecific() throws {
    let result = try fields(
      "Content-Type: text/html",
      "Connection: close, X-Hop",
      "Keep-Alive: timeout=5",
      "X-Hop: 1",
      "Transfer-Encoding: chunked",
      "Trailer: A",
      "TE: x",
      "Upgrade: h2c",
      "Proxy-Connection: close",
      "Proxy-Authenticate: Basic",
      "X-Accel-Buffering: no",
      "Set-Cookie: a=b",
      "Set-Cookie: c=d",
      "X_y: z"
    )
    #expect(
      result
        == "Content-Type: text/html\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nX_y: z\r\n"
        + identifier
    )
  }

  @Test(
    "426 alone keeps Upgrade, which Connection then names",
    arguments: [
      (426, ["Upgrade: websocket", "Connection: Upgrade"], true), (426, ["Upgrade: a, b"], true),
      (426, [], false), (200, ["Upgrade: h2c", "Connection: Upgrade"], false),
      (400, ["Upgrade: websocket"], false), (503, ["Upgrade: websocket"], false),
    ] as [(Int, [String], Bool)]
  )
  func upgradeRequired(status: Int, lines: [String], isKept: Bool) {
    let text = append(lines, status: status)
    let expected = isKept ? "\(lines[0])\r\nConnection: upgrade\r\n" : ""
    #expect(text == expected + identifier)
  }

  @Test(
    "interim responses for the client",
    arguments: [
      (100, false), (101, false), (102, true), (103, true), (104, true), (150, true), (199, true),
      (200, false), (404, false),
    ] as [(UInt16, Bool)]
  )
  func interim(status: UInt16, passes: Bool) {
    #expect(ForwardedResponseFields.passesInterim(status: status, isVersion10: false) == passes)
    #expect(!ForwardedResponseFields.passesInterim(status: status, isVersion10: true))
  }

  @Test("the forwarded fields depend on how much of the app's response is sent")
  func selection() {
    let lines = [
      "Content-Length: 5", "Trailer: A", "ETag: \"a\"", "Last-Modified: x", "Accept-Ranges: bytes",
      "Content-Encoding: br", "Content-Range: bytes 0-1/2", "Content-Type: text/plain",
      "Content-Disposition: attachment", "Content-Language: de", "X-Accel-Redirect: /a",
      "Connection: X-Hop", "X-Hop: 1", "X-Stay: 1",
    ]
    func names(_ selection: ForwardedResponseFields.Selection) -> [String]? {
      append(lines, false, -1, selection)?.components(separatedBy: "\r\n").dropLast().map { line in
        String(line.prefix { $0 != ":" })
      }
    }
    let content = ["Content-Type", "Content-Disposition", "Content-Language"]
    let file = ["ETag", "Last-Modified", "Accept-Ranges", "Content-Encoding", "Content-Range"]
    let rest = ["X-Stay", "X-Request-Id"]
    let all = file + content + ["X-Accel-Redirect"] + rest
    #expect(names(.all) == all)
    #expect(names(.allAndTrailer) == ["Trailer"] + all)
    #expect(names(.besideFile(hasContent: true)) == content + rest)
    #expect(names(.besideFile(hasContent: false)) == rest)
  }

  @Test("an identifier set by the app is kept")
  func identifierStays() throws {
    #expect(try fields("x-request-id: mine") == "x-request-id: mine\r\n")
  }

  @Test("Strict-Transport-Security is added only over HTTPS, and the app's takes precedence")
  func strictTransport() throws {
    var transport = StrictTransport(maxAge: .seconds(60))
    let short = transport
    transport.includesSubdomains = true
    transport.isPreloaded = true
    let long = transport
    #expect(try fields { $0.strictTransport = short } == identifier)
    #expect(
      try fields(isSecure: true) { $0.strictTransport = short }
        == identifier + "Strict-Transport-Security: max-age=60\r\n"
    )
    #expect(
      try fields(isSecure: true) { $0.strictTransport = long }
        == identifier + "Strict-Transport-Security: max-age=60; includeSubDomains; preload\r\n"
    )
    let own = "Strict-Transport-Security: max-age=1"
    #expect(
      try fields(own, isSecure: true) { $0.strictTransport = long } == own + "\r\n" + identifier
    )
    #expect(try fields(own) == own + "\r\n" + identifier)
  }

  @Test("Server-Timing only if enabled")
  func serverTiming() throws {
    #expect(try fields(milliseconds: 12) == identifier)
    #expect(
      try fields(milliseconds: 12) { $0.sendsServerTiming = true }
        == identifier + "Server-Timing: app;dur=12\r\n"
    )
  }

  @Test("the maximum number of fields in Connection, and one more", arguments: [16, 17])
  func limit(count: Int) {
    let names = (0..<count).map { "x\($0)" }.joined(separator: ",")
    #expect((append(["Connection: \(names)"]) != nil) == (count <= 16))
  }

  @Test(
    "redirects to HTTPS",
    arguments: [
      ("GET /a?b HTTP/1.1", "Host: x.y:8080", "http", "301 Moved Permanently", "https://x.y/a?b"),
      ("POST /a HTTP/1.1", "Host: x.y", "http", "308 Permanent Redirect", "https://x.y/a"),
      ("HEAD http://q.r HTTP/1.1", "Host: x.y", "http", "301 Moved Permanently", "https://q.r/"),
      ("GET / HTTP/1.1", "Host: [::1]:80", "http", "301 Moved Permanently", "https://[::1]/"),
      ("GET / HTTP/1.1", "Host: x.y", "https", nil, nil),
      ("GET / HTTP/1.1", "Host: x.y", "", nil, nil),
      ("GET / HTTP/1.0", "A: b", "http", "", nil),
      ("OPTIONS * HTTP/1.1", "Host: x.y", "http", "", nil),
    ] as [(String, String, String, String?, String?)]
  )
  func redirect(line: String, host: String, proto: String, status: String?, place: String?) {
    let field = proto.isEmpty ? "" : "X-Forwarded-Proto: \(proto)\r\n"
    let bytes = Array("\(line)\r\n\(host)\r\n\(field)\r\n".utf8)
    var head = RequestHead()
    _ = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
    var policy = ForwardingPolicy()
    policy.redirectsToHTTPS = true
    for trust in [ForwardingTrust.everyone, .nobody] {
      let view = ForwardedView(
        head,
        bytes.span,
        peer: PeerAddress("10.0.0.1")!,
        scheme: .http,
        trust: trust
      )
      let none = RedirectExemptions([])
      let isDue = HTTPSRedirect.isDue(head, bytes.span, view, policy, none)
      #expect(isDue == (status != nil && trust == .everyone))
      guard isDue else { continue }
      var buffer = ByteBuffer(capacity: 4096)
      let code = HTTPSRedirect.append(head, bytes.span, view, policy, to: &buffer)
      #expect(code == (place == nil ? nil : status.flatMap { UInt16($0.prefix(3)) }))
      let result = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
      let text = String(decoding: result, as: UTF8.self)
      guard let place, let status else { continue }
      #expect(text == "HTTP/1.1 \(status)\r\nLocation: \(place)\r\nContent-Length: 0\r\n")
    }
  }
}
