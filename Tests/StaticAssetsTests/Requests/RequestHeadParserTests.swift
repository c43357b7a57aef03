import Testing

@testable import StaticAssets

/// Request heads, valid and invalid.
///
/// Goal: every rule of RFC 9112 §2 to §6 that a head can follow or violate, with the status of each
/// violation. Method: a table; each row is also parsed truncated at every byte.
@Suite struct RequestHeadParserTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let head: String
    let expected: RequestHeadParser.Outcome
    init(_ head: String, _ expected: RequestHeadParser.Outcome) {
      self.head = head
      self.expected = expected
    }
    var testDescription: String { String(head.debugDescription.prefix(100)) }
  }

  static let bad = RequestHeadParser.Outcome.rejected(.badRequest)

  static let valid: [Row] = [
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.9\r\nHost: x\r\n\r\n",
    "GET /a?b=c HTTP/1.1\r\nhOST:x\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: \r\n\r\n",
    "GET /a HTTP/1.1\r\nHost:\t x:80 \t\r\n\r\n",
    "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET HTTPS://x HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /\u{2713} HTTP/1.1\r\nHost: x\r\n\r\n",
    "get / HTTP/1.1\r\nHost: x\r\n\r\n",
    "M!#$%&'*+-.^_`|~ / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nX-\u{7C}:\r\nY: a b\tc\r\nZ: \u{E9}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [::ffff:1.2.3.4]\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [v1.a:b]\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a-b_c~1.test:\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a%7e%C3.test:8080\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: !$&'()*+;=\r\n\r\n",
    "GET http://[::1]:80/a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "GET http://x?u@h HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://x/u@h HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n",
  ].map { Row($0, .complete) }

  static let invalid: [Row] = [
    // §2.2: line ends and control characters
    Row("GET / HTTP/1.1\nHost: x\n\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\n\n", bad),
    Row("GET / HTTP/1.1\rHost: x\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nA: b\u{7F}c\r\n\r\n", bad),
    Row("\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    // §3: the request line
    Row("\u{16}\u{3}\u{1}", bad),
    Row(" GET / HTTP/1.1\r\n", bad),
    Row("GET  / HTTP/1.1\r\n", bad),
    Row("GET / \r\n", bad),
    Row("GET /\r\n", bad),
    Row("GET\r\n", bad),
    Row("G@T / HTTP/1.1\r\n", bad),
    Row("GET\t/ HTTP/1.1\r\n", bad),
    Row("GET /a b HTTP/1.1\r\n", bad),
    Row("GET /a\tb HTTP/1.1\r\n", bad),
    Row("GET /a\0b HTTP/1.1\r\n", bad),
    Row("GET /a#b HTTP/1.1\r\n", bad),
    Row("GET / HTTP/1.1 \r\n", bad),
    Row("GET / http/1.1\r\n", bad),
    Row("GET / HTTP/11\r\n", bad),
    Row("GET / HTTP/1.10\r\n", bad),
    Row("GET / FTP/1.1\r\n", bad),
    Row("GET / HTTP/2.0\r\nHost: x\r\n\r\n", .rejected(.versionNotSupported)),
    Row("GET / HTTP/0.9\r\nHost: x\r\n\r\n", .rejected(.versionNotSupported)),
    // §3.2: the target
    Row("GET a HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET * HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET ftp://x/a HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET http://:80/a HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET http://a:b/ HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    Row("GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    // RFC 9110 §4.2.4: user information
    Row("GET http://user@host/ HTTP/1.1\r\nHost: host\r\n\r\n", bad),
    Row("GET http://user:password@host/ HTTP/1.1\r\nHost: host\r\n\r\n", bad),
    Row("GET http://@host/ HTTP/1.1\r\nHost: host\r\n\r\n", bad),
    Row("GET http://host@?a HTTP/1.1\r\nHost: host\r\n\r\n", bad),
    Row("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", .rejected(.notImplemented)),
    // Methods are case-sensitive (RFC 9110 §9.1): this is not CONNECT, so its target is invalid.
    Row("connect x:80 HTTP/1.1\r\nHost: x\r\n\r\n", bad),
    // §5: field lines
    Row("GET / HTTP/1.1\r\nHost : x\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\n Host: x\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nAb\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nA(b): c\r\n\r\n", bad),
    // RFC 9110 §7.2: Host
    Row("GET / HTTP/1.1\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", bad),
    Row("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", bad),
    // RFC 9112 §3.2, RFC 3986 §3.2.2 and §3.2.3: not a host with a port
    Row("GET / HTTP/1.1\r\nHost: a.test:http\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a.test:80:80\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a.test:80a\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a.test:-1\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: ::1]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [::1]]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [[::1]]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [::1]80\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [::1]a:80\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: []\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [::1]:http\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [v.a]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [v1.]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [v1a]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a[::1]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a%zz.test\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a%4\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a%\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a%4g\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: [%3A%3A1]\r\n\r\n", bad),
    Row("GET / HTTP/1.1\r\nHost: a:8%30\r\n\r\n", bad),
    // RFC 9110 §10.1.1
    Row("GET / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n", .rejected(.expectationFailed)),
    Row("GET / HTTP/1.1\r\nHost: x\r\nExpect:\r\n\r\n", .rejected(.expectationFailed)),
    Row(
      "GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue, x\r\n\r\n",
      .rejected(.expectationFailed)
    ),
    // §6: the length of the content
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", bad),
    Row("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n", bad),
    Row(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      bad
    ),
    Row(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      bad
    ),
    Row("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", bad),
    Row(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      .rejected(.notImplemented)
    ),
    Row(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
      .rejected(.notImplemented)
    ),
  ]

  @Test("outcome", arguments: valid + invalid)
  func outcome(row: Row) {
    #expect(parse(row.head).outcome == row.expected)
  }

  @Test("a truncated head is incomplete, or has the same refusal", arguments: valid + invalid)
  func prefixes(row: Row) {
    let bytes = Array(row.head.utf8)
    for count in 0..<bytes.count {
      let outcome = parse(Array(bytes[..<count])).outcome
      if outcome != .incomplete {
        #expect(row.expected != .complete, "after \(count) bytes")
        #expect(outcome == row.expected, "after \(count) bytes")
      }
    }
    if row.expected == .complete {
      let (_, head) = parse(bytes + Array("GET /next".utf8))
      #expect(head.byteCount == bytes.count)
    }
  }

  @Test("limits", arguments: [-1, 0, 1])
  func limits(over: Int) {
    let limits = RequestLimits(headBytesMax: 200, targetBytesMax: 50, fieldCountMax: 5)
    let target = "/" + String(repeating: "a", count: 49 + over)
    let withTarget = parse("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n", limits)
    #expect(withTarget.outcome == (over > 0 ? .rejected(.targetTooLong) : .complete))

    let fields = String(repeating: "A: b\r\n", count: 4 + over)
    let withFields = parse("GET / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n", limits)
    #expect(withFields.outcome == (over > 0 ? .rejected(.fieldsTooLarge) : .complete))

    let start = "GET / HTTP/1.1\r\nHost: x\r\nA: "
    let filler = String(repeating: "a", count: 200 - start.utf8.count - 4 + over)
    let withBytes = parse("\(start)\(filler)\r\n\r\n", limits)
    #expect(withBytes.outcome == (over > 0 ? .rejected(.fieldsTooLarge) : .complete))
  }

  @Test("a head that cannot end within its limit is refused early")
  func endless() {
    let limits = RequestLimits(headBytesMax: 100)
    let head = "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 100)
    #expect(parse(head, limits).outcome == .rejected(.fieldsTooLarge))
    #expect(parse(Array(head.utf8.prefix(99)), limits).outcome == .incomplete)
    // Bytes beyond the limit are ignored, however many were received at once.
    #expect(
      parse("GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 80) + "\0", limits)
        .outcome == .rejected(.fieldsTooLarge)
    )
    let target = "GET /" + String(repeating: "a", count: 9000)
    #expect(parse(target).outcome == .rejected(.targetTooLong))
  }

  @Test("the stored values of a head")
  func content() {
    let text =
      "HEAD /a%20b?c=/d HTTP/1.1\r\nHost: h:1\r\nAccept-Encoding: br\r\nIf-None-Match: \"a\"\r\n"
      + "accept-encoding: gzip\r\nIf-Modified-Since: x\r\nContent-Length: 7\r\nIf-Match:\r\n"
      + "if-match: \"b\"\r\nIF-UNMODIFIED-SINCE: y\r\nIf-Range: \"c\"\r\nRange: bytes=0-9\r\n\r\n"
    let (outcome, head) = parse(text)
    #expect(outcome == .complete)
    func value(_ slice: ByteSlice) -> String {
      String(decoding: Array(text.utf8)[slice.range], as: UTF8.self)
    }
    #expect(head.method == .head)
    #expect(value(head.target) == "/a%20b?c=/d")
    #expect(value(head.path) == "/a%20b")
    #expect(value(head.host) == "h:1")
    #expect(value(head.acceptEncoding) == "br")
    #expect(value(head.ifNoneMatch) == "\"a\"")
    #expect(value(head.ifModifiedSince) == "x")
    #expect(value(head.ifMatch).isEmpty)
    #expect(value(head.ifUnmodifiedSince) == "y")
    #expect(value(head.ifRange) == "\"c\"")
    #expect(value(head.range) == "bytes=0-9")
    #expect(head.present == [.acceptEncoding, .conditions])
    #expect(head.repeated == [.acceptEncoding, .ifMatch])
    #expect(head.content == .length(7))
    #expect(head.byteCount == text.utf8.count)
  }

  @Test(
    "whether the connection persists",
    arguments: [
      ("HTTP/1.1", "", true),
      ("HTTP/1.1", "Connection: close\r\n", false),
      ("HTTP/1.1", "Connection: x, CLOSE\r\n", false),
      ("HTTP/1.1", "Connection: closed\r\n", true),
      ("HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n", false),
      ("HTTP/1.0", "", false),
      ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
      ("HTTP/1.0", "Connection: keep-alive, close\r\n", false),
    ]
  )
  func keepsAlive(version: String, field: String, expected: Bool) {
    let (outcome, head) = parse("GET / \(version)\r\nHost: x\r\n\(field)\r\n")
    #expect(outcome == .complete)
    #expect(head.keepsAlive == expected)
  }

  @Test(
    "conditional requests",
    arguments: [
      ("Range: bytes=0-", true), ("If-Range: x", true), ("If-Match:", true),
      ("If-None-Match: x", true), ("If-Modified-Since: x", true), ("If-Unmodified-Since:", true),
      ("Accept-Encoding: br", false), ("If-Matched: x", false), ("Ranges: bytes=0-", false),
      ("X-Range: bytes=0-", false), ("If-Since: x", false),
    ]
  )
  func isConditional(field: String, expected: Bool) {
    #expect(parse("GET / HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n").head.isConditional == expected)
  }

  @Test("no input makes the parser trap")
  func randomBytes() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("GET / HTTP/1.1\r\nHost: x,;:\0\t\u{7F}é".utf8)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0..<80, using: &generator)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
      _ = parse(bytes)
    }
  }

  private func parse(
    _ text: String,
    _ limits: RequestLimits = RequestLimits()
  ) -> (outcome: RequestHeadParser.Outcome, head: RequestHead) {
    parse(Array(text.utf8), limits)
  }

  private func parse(
    _ bytes: [UInt8],
    _ limits: RequestLimits = RequestLimits()
  ) -> (outcome: RequestHeadParser.Outcome, head: RequestHead) {
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
    return (outcome, head)
  }
}
