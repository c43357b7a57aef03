import Foundation
import Testing

@testable import Conformance

/// The readers of the conformance table.
///
/// Goal: they reject everything that a server must not send; lenient parsers would hide failures.
@Suite struct StrictReadingTests {
  private static let date = "Date: \(HTTPDateText.format(Date()))\r\n"

  @Test func readsAHead() throws {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA:\t b c \r\nA: d\r\n\(Self.date)\r\n"
    let response = try ResponseHead.parse(Array(text.utf8)[...])
    #expect(response.status == 200)
    #expect(response["a"] == "b c, d")
  }

  @Test(
    "a head that a server must not send is rejected",
    arguments: [
      "HTTP/1.1 200\r\n\(date)\r\n", "HTTP/2 200 OK\r\n\(date)\r\n", "200 OK\r\n\(date)\r\n",
      "HTTP/1.1 099 No\r\n\(date)\r\n", "HTTP/1.1  200 OK\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\nA : b\r\n\(date)\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\nA: b\r\n\(date)\r\n", "HTTP/1.1 200 OK\r\nA: b\rc\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\(date)\r\n", "HTTP/1.1 200 OK\r\nA\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\(date)\r\n",
      "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\(date)\r\n",
      "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n",
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\(date)\(date)\r\n",
    ]
  )
  func refusesHead(text: String) {
    #expect(throws: Violation.self) { try ResponseHead.parse(Array(text.utf8)[...]) }
  }

  @Test func readsDates() throws {
    #expect(HTTPDateText.parse("Sun, 06 Nov 1994 08:49:37 GMT") != nil)
    let date = try #require(HTTPDateText.parse("Sun, 06 Nov 1994 08:49:37 GMT"))
    #expect(HTTPDateText.format(date, HTTPDateText.asctime) == "Sun Nov  6 08:49:37 1994")
    #expect(HTTPDateText.format(date, HTTPDateText.rfc850) == "Sunday, 06-Nov-94 08:49:37 GMT")
  }

  @Test(
    "a date that a server must not send is rejected",
    arguments: [
      "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
      "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 94 08:49:37 GMT", "",
    ]
  )
  func refusesDate(text: String) {
    #expect(HTTPDateText.parse(text) == nil)
  }

  private static func multipart(_ body: String) -> Response {
    let fields = [(name: "Content-Type", value: "multipart/byteranges; boundary=x")]
    return Response(status: 206, fields: fields, body: Array(body.utf8))
  }

  private static let first = "--x\r\nContent-Type: a/b\r\nContent-Range: bytes 0-1/9\r\n\r\nab"

  @Test func readsParts() throws {
    let second = "\r\n--x\r\ncontent-range: bytes 4-4/9\r\nContent-Type: a/b\r\n\r\n\n\r\n--x--\r\n"
    let parts = try ResponsePart.all(of: Self.multipart(Self.first + second))
    #expect(parts.map(\.range) == [0..<2, 4..<5])
    #expect(parts.map { Array($0.body) } == [[0x61, 0x62], [0x0A]])
  }

  @Test(
    "parts that a server must not send are rejected",
    arguments: [
      "", first, "\(first)\r\n", "\(first)c\r\n--x--", "\(first)\n--x--", "\(first)\r\n--x\r\n",
      "--x\r\nContent-Type: a/b\r\n\r\nab\r\n--x--",
      "--x\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--x--",
      "--x\r\nContent-Type: a/b\r\nContent-Range: bytes 0-9/9\r\n\r\n0123456789\r\n--x--",
    ]
  )
  func refusesParts(body: String) {
    #expect(throws: Violation.self) { try ResponsePart.all(of: Self.multipart(body)) }
  }
}
