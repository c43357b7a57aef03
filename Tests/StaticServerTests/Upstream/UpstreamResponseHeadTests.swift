import StaticAssets
import Testing

@testable import StaticServer

/// Heads of responses as an app may send them.
///
/// Goal: an ambiguous head is refused, however it is split; heads of real apps are accepted.
/// Source: RFC 9112 §4 to §6.
@Suite struct UpstreamResponseHeadTests {
  private func parse(_ text: String, isHead: Bool = false) -> (
    UpstreamResponseHead.Outcome, UpstreamResponseHead
  ) {
    let bytes = Array(text.utf8)
    var head = UpstreamResponseHead()
    let outcome = UpstreamResponseHead.parse(bytes.span, isHead: isHead, into: &head)
    return (outcome, head)
  }

  @Test(
    "accepted heads",
    arguments: [
      ("HTTP/1.1 200 OK\r\n\r\n", .untilClose, false),
      ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", .empty, true),
      ("HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n", .length(5), true),
      ("HTTP/1.1 200 Gut ä\r\nContent-Length: 5\r\n\r\n", .length(5), true),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", .chunked, true),
      ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n", .length(1), false),
      ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", .length(1), false),
      ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n", .length(1), true),
      ("HTTP/1.1 204 No Content\r\n\r\n", .empty, true),
      ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", .empty, true),
      ("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", .empty, true),
    ] as [(String, UpstreamResponseHead.Framing, Bool)]
  )
  func understood(text: String, framing: UpstreamResponseHead.Framing, keepsAlive: Bool) {
    let (outcome, head) = parse(text)
    #expect(outcome == .complete)
    #expect(head.framing == framing)
    #expect((head.ending.isPersistent && framing != .untilClose) == keepsAlive)
    #expect(head.byteCount == text.utf8.count)
    for count in 0..<text.utf8.count {
      let (outcome, _) = parse(String(decoding: Array(text.utf8)[..<count], as: UTF8.self))
      #expect(outcome == .incomplete, "the first \(count) bytes")
    }
    #expect(parse(text, isHead: true).1.framing == .empty)
  }

  @Test(
    "refused heads",
    arguments: [
      "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1 099 Low\r\n\r\n",
      "HTTP/1.1 600 High\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
      "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1 200 OK\n\n", "http/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200 O\u{0}K\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "Status: 200\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \u{0}\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]
  )
  func refused(text: String) {
    #expect(parse(text).0 == .malformed)
  }

  @Test(
    "responses that are forwarded without buffering",
    arguments: [
      ("Content-Type: text/event-stream", true), ("X-Accel-Buffering: no", true),
      ("content-type: Text/Event-Stream; charset=utf-8", true), ("X-Accel-Buffering: yes", false),
      ("Content-Type: text/html", false),
    ]
  )
  func unbuffered(field: String, isUnbuffered: Bool) {
    #expect(parse("HTTP/1.1 200 OK\r\n\(field)\r\n\r\n").1.isUnbuffered == isUnbuffered)
  }

  @Test func keepAliveTime() {
    let head = parse("HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=5\r\n\r\n").1
    #expect(head.keepAliveTime == 5000)
  }
}
