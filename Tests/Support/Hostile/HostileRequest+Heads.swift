/// Heads that two parsers may read differently. Source: RFC 9112 §2.2, §3, §5.
extension HostileRequest {
  static let lines: [HostileRequest] =
    [
      "A: b\nX-Forwarded-For: \(mark)", "A: b\rX-Forwarded-For: \(mark)", "A: b\u{0}c", "A\u{0}: b",
      "A : b", "A\t: b", " A: b", ": b", "A", "A b: c", "A(: b", "A\u{7F}: b", "A\u{E9}: b",
      "A: \u{1}",
      "A: b\r\n c", "A: b\r\n\tc", "A: \u{7F}", "\r\rA: b",
    ].map { HostileRequest("line \($0.debugDescription)", get($0), .refused([400])) } + [
      HostileRequest("more fields than are read", get(many), .refused([431])),
      HostileRequest(
        "a head without end",
        get("A: " + String(repeating: "a", count: 70_000)),
        .refused([431])
      ),
      HostileRequest(
        "lines that end with LF",
        "GET /page HTTP/1.1\nHost: test\n\n",
        .refused([400])
      ),
      HostileRequest(
        "an empty line of LF alone",
        "GET /page HTTP/1.1\r\nHost: test\r\n\n" + hidden,
        .refused([400])
      ),
    ]

  private static let many = (0..<200).map { "A\($0): b" }.joined(separator: "\r\n")

  static let requestLines: [HostileRequest] = [
    ("GET  /page HTTP/1.1", [400]), ("GET\t/page HTTP/1.1", [400]), (" GET /page HTTP/1.1", [400]),
    ("GET /page", [400]), ("GET /page HTTP/1.1 ", [400]), ("GET /page HTTP/2.0", [505]),
    ("GET /page HTTP/0.9", [400, 505]), ("GET /page http/1.1", [400]),
    ("GET /page HTTP/01.1", [400]),
    ("GET /page HTTP/1.1.1", [400]), ("GET /page HTTP/1,1", [400]), ("GET /page HTTPS/1.1", [400]),
    ("GE\u{0}T /page HTTP/1.1", [400]), ("GET( /page HTTP/1.1", [400, 501]),
    ("PRI * HTTP/2.0", [400, 505]), ("GET /pa ge HTTP/1.1", [400]),
    ("GET /page\u{0} HTTP/1.1", [400]),
    ("GET /page\u{B} HTTP/1.1", [400]), ("GET /page#x HTTP/1.1", [400]),
    ("GET page HTTP/1.1", [400]),
    ("GET \\page HTTP/1.1", [400]), ("GET * HTTP/1.1", [400]),
    ("CONNECT test:80 HTTP/1.1", [400, 405, 501]),
    ("CONNECT /page HTTP/1.1", [400, 405, 501]), ("TRACE /page HTTP/1.1", [405]),
    ("OPTIONS * HTTP/1.1", [204]), ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1", [414]),
    ("GET ftp://test/page HTTP/1.1", [400]), ("GET http:///page HTTP/1.1", [400]),
    ("GET http://a@test/page HTTP/1.1", [400]),
  ].map { line, statuses in
    HostileRequest(
      "\(line.prefix(40).debugDescription)",
      "\(line)\r\nHost: test\r\n\r\n",
      .refused(Set(statuses))
    )
  }

  static let hosts: [HostileRequest] =
    [
      "", "Host: test\r\nHost: test", "Host: test\r\nHost: \(mark)", "Host: a b", "Host: a/b",
      "Host: a@b",
      "Host: a,b", "Host: a\\b", "Host: a\u{0}b", "Host: te\u{E9}st", "Host: [::1", "Host: a:b",
      "Host: a?b", "Host: a#b", "Host : test", "Host: \"a\"", "Host: <a>", "Ho\u{0}st: test",
      "Host_: test",
    ].map { line in
      HostileRequest(
        "host \(line.debugDescription)",
        "GET /page HTTP/1.1\r\n\(line.isEmpty ? "" : line + "\r\n")\r\n",
        .refused([400])
      )
    } + [
      HostileRequest(
        "the target's host wins",
        "GET http://test/page HTTP/1.1\r\nHost: \(mark)\r\n\r\n",
        .forwarded(1)
      ),
      HostileRequest(
        "a host that Connection names",
        "GET /page HTTP/1.1\r\nHost: test\r\nConnection: Host\r\n\r\n",
        .forwarded(1)
      ),
    ]

  /// A path that is static by one interpretation and the app's by another.
  static let targets: [HostileRequest] = [
    "/static/../page", "/static/..%2fpage", "/static/%2e%2e/page", "/static/.%2e/page",
    "//static/a.txt",
    "/x/../static/a.txt", "/x/..%2fstatic/a.txt", "/%2e%2e/page", "/../page", "/static%2fa.txt",
    "/%73tatic/../page", "/static/%00", "/%00page", "/static/..%5cpage", "/static/%ff/../../page",
  ].map {
    HostileRequest(
      "path \($0)",
      "GET \($0) HTTP/1.1\r\nHost: test\r\n\r\n",
      .refused([200, 400, 404])
    )
  }
}
