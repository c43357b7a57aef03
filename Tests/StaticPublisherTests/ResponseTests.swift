import StaticAssets
import Testing

@testable import StaticPublisher

/// Responses of a store: heads, listings, and errors.
@Suite struct ResponseTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var head: String
    var method = "GET"
    var framing: ResponseHead.Framing?
    var keeps = true

    var testDescription: String { "\(method) \(head)" }
  }

  @Test(arguments: [
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 5", framing: .length(5)),
    Row(head: "HTTP/1.1 200\r\nContent-Length: 0", framing: .length(0)),
    Row(head: "HTTP/1.1 200 OK\r\ncontent-length:5\r\nContent-Length: 5 ", framing: .length(5)),
    Row(
      head: "HTTP/1.1 200 OK\r\nContent-Length: 5",
      method: "HEAD",
      framing: ResponseHead.Framing.none
    ),
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 5, 5", framing: .length(5)),
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 5, 6", framing: nil),
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: +5", framing: nil),
    Row(head: "HTTP/1.1 204 No Content", framing: ResponseHead.Framing.none),
    Row(head: "HTTP/1.1 304 X\r\nContent-Length: 9", framing: ResponseHead.Framing.none),
    Row(head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked", framing: .chunked),
    Row(head: "HTTP/1.1 200 OK", framing: .untilClose),
    Row(
      head: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1",
      framing: .length(1),
      keeps: false
    ),
    Row(head: "HTTP/1.0 200 OK\r\nContent-Length: 1", framing: .length(1), keeps: false),
    Row(
      head: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1",
      framing: .length(1)
    ),
    // Contradicting and invalid heads.
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6", framing: nil),
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: -1", framing: nil),
    Row(head: "HTTP/1.1 200 OK\r\nContent-Length: 5x", framing: nil),
    Row(head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked", framing: nil),
    Row(
      head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
      framing: nil
    ),
  ])
  func frames(row: Row) throws {
    let head = try #require(ResponseHead(Array((row.head + "\r\n\r\n").utf8)[...]))
    #expect(head.framing(of: row.method) == row.framing)
    #expect(head.keepsConnection == row.keeps)
  }

  @Test(arguments: [
    "HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1", "ICY 200 OK",
    "HTTP/1.1 abc OK",
    "HTTP/1.1 200 OK\r\nno colon", "HTTP/1.1 200 OK\r\n: x", "HTTP/1.1 200 OK\r\na b: x",
    "HTTP/1.1 099 OK",
  ])
  func refusesHead(text: String) {
    #expect(ResponseHead(Array((text + "\r\n\r\n").utf8)[...]) == nil)
  }

  @Test("no value can start another field")
  func requestHead() {
    let request = HTTPRequest(
      method: "PUT",
      target: "/a",
      fields: [(name: "Content-Type", value: "text/é\r\nX-Evil: 1\0")],
      body: .bytes([1, 2])
    )
    #expect(
      String(decoding: request.head(host: "h:1"), as: UTF8.self)
        == "PUT /a HTTP/1.1\r\nHost: h:1\r\nUser-Agent: staticd\r\nContent-Type: text/é  X-Evil: 1 \r\n"
        + "Content-Length: 2\r\n\r\n"
    )
  }

  static func list(_ content: String) -> [UInt8] {
    Array(
      ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(content)"
        + "</ListBucketResult>").utf8
    )
  }

  static func object(_ key: String) -> String {
    "<Contents><Key>\(key)</Key><LastModified>2026-11-29T20:15:30.000Z</LastModified>"
      + "<ETag>&quot;abc&quot;</ETag><Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>"
  }

  @Test func readsList() throws {
    let content =
      "<Name>b</Name><EncodingType>url</EncodingType>\(Self.object("a+b%2B%C3%A9"))"
      + Self.object("c") + "<IsTruncated>true</IsTruncated>"
      + "<NextContinuationToken>1/&amp;=</NextContinuationToken>"
    let page = try #require(ListPage(Self.list(content)))
    #expect(page.objects.map { String(decoding: $0.key, as: UTF8.self) } == ["a b+é", "c"])
    let object = ListedObject(
      byteCount: 5,
      entityTag: "abc",
      modified: "2026-11-29T20:15:30.000Z"
    )
    #expect(page.objects[0].object == object)
    #expect(page.continuation == "1/&=")
    // Without the encoding, keys are returned unchanged.
    let plain = try #require(ListPage(Self.list(Self.object("a+b%2B&amp;&#x41;"))))
    #expect(plain.objects.map { String(decoding: $0.key, as: UTF8.self) } == ["a+b%2B&A"])
    #expect(plain.continuation == nil)
    #expect(ListPage(Self.list(""))?.objects.isEmpty == true)
  }

  @Test(arguments: [
    "", "<Error/>", "<ListBucketResult>", "<ListBucketResult><Contents/></ListBucketResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>",
    "<!DOCTYPE x [<!ENTITY e 'a'>]><ListBucketResult></ListBucketResult>",
    String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
    "<html><body>It works!</body></html>",
  ])
  func refusesList(text: String) {
    #expect(ListPage(Array(text.utf8)) == nil)
  }

  @Test(
    "a delay that is asked for as a number or as a date",
    arguments: [
      ("3", "", 3), ("Sun, 06 Nov 1994 08:49:41 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 4),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:41 GMT", -4), ("soon", "", nil),
    ] as [(String, String, Int?)]
  )
  func retryAfter(text: String, date: String, seconds: Int?) {
    let fields = [("retry-after", text), ("date", date)].filter { !$0.1.isEmpty }
    let response = StaticPublisher.HTTPResponse(status: 503, fields: fields, body: [])
    #expect(response.retryAfterSeconds(at: 0) == seconds)
  }

  @Test("a redirect names the remedy", arguments: [301, 307, 308])
  func redirects(status: Int) throws {
    let address = try StoreAddress("s3://assets/static", endpoint: nil)
    let response = StaticPublisher.HTTPResponse(status: status, fields: [], body: [])
    let call = ObjectStore.Call(method: "GET", key: nil, operation: "list")
    let refusal = ObjectStore.refusal(response, call, address)
    #expect(refusal.isUsage && refusal.description.hasSuffix("see AWS_REGION and --endpoint"))
  }

  @Test("an error is one line without control characters, with a remedy")
  func refusal() throws {
    let address = try StoreAddress("s3://assets/static", endpoint: nil)
    let response = StaticPublisher.HTTPResponse(
      status: 403,
      fields: [],
      body: Array(
        "<Error><Code>AccessDenied</Code><Message>No.\nNever\u{1B}[0m</Message></Error>".utf8
      )
    )
    let call = ObjectStore.Call(method: "PUT", key: Array("static/a.css".utf8), operation: "send")
    let text = ObjectStore.refusal(response, call, address).description
    // ESC is not allowed in XML 1.0, so the document is invalid; the status remains.
    #expect(text.hasPrefix("cannot send 's3://assets/static/a.css': AccessDenied (403)"), "\(text)")
    #expect(text.contains("s3:PutObject") && !text.contains("\n"), "\(text)")
  }

  @Test(
    arguments: [
      ("a&b<c>\"'.css", "a&amp;b&lt;c&gt;\"'.css"), ("a\tb", "a&#9;b"), ("é", "é"), ("a\u{1}", nil),
      ("a\u{FFFE}", nil),
    ] as [(String, String?)]
  )
  func writesKeys(key: String, text: String?) {
    #expect(ObjectStore.xmlText(Array(key.utf8)) == text)
    #expect(ObjectStore.xmlText([0xFF]) == nil)
  }
}
