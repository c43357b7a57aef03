import HTTPTypes
import StaticAssets
import StaticHTTPTypes
import Testing

/// Requests and responses of swift-http-types.
@Suite struct ResponderTests {
  private static func responder(_ site: Site) throws -> StaticResponder<String> {
    StaticResponder(try site.assets()) { String(decoding: $0, as: UTF8.self) }
  }

  private static func request(
    _ method: HTTPRequest.Method,
    _ path: String?,
    _ fields: HTTPFields = [:]
  ) -> HTTPRequest {
    HTTPRequest(
      method: method,
      scheme: "https",
      authority: "example.org",
      path: path,
      headerFields: fields
    )
  }

  @Test func filesAreAnsweredAndRoutesAreNot() async throws {
    let site = try Site.standard()
    let responder = try Self.responder(site)
    let file = try #require(await responder.response(to: Self.request(.get, "/static/app.css")))
    #expect(file.head.status.code == 200)
    #expect(file.head.headerFields[.contentLength] == "3")
    #expect(file.body.whole == "a{}")
    for request in [
      Self.request(.post, "/static/app.css"), Self.request(.get, "/static/route"),
      Self.request(.get, "/users/1"), Self.request(.get, nil),
    ] {
      #expect(await responder.response(to: request) == nil)
    }
  }

  @Test func aFileComesInChunks() async throws {
    let site = try Site.standard()
    let request = Self.request(.get, "/static/large.bin", [.range: "bytes=10-"])
    let responder = try Self.responder(site)
    let response = try #require(await responder.response(to: request))
    #expect(response.head.status.code == 206)
    #expect(response.body.byteCount == 299_990)
    #expect(response.body.whole == nil)
    var counts: [Int] = []
    for try await chunk in response.body { counts.append(chunk.utf8.count) }
    #expect(counts == [131_072, 131_072, 37_846])
  }

  @Test func aFileThatChangesMeanwhileIsNotMixed() async throws {
    let site = try Site.standard()
    let responder = try Self.responder(site)
    let request = Self.request(.get, "/static/large.bin")
    let response = try #require(await responder.response(to: request))
    var chunks = response.body.makeAsyncIterator()
    _ = try await chunks.next()
    try site.write(String(repeating: "y", count: 300_001), to: "root/large.bin")
    await #expect(throws: FileError.self) { _ = try await chunks.next() }
    let new = try #require(await responder.response(to: request))
    #expect(new.body.byteCount == 300_001)
    #expect(new.head.headerFields[.eTag] != response.head.headerFields[.eTag])
  }

  @Test func whatIsLeftGetsAPageOrAnError() async throws {
    let site = try Site.standard()
    let responder = try Self.responder(site)
    let page = await responder.lastResponse(
      to: Self.request(.get, "/users/1", [.accept: "text/html"])
    )
    #expect(page.body.whole == "page" && page.head.status.code == 200)
    let missing = await responder.lastResponse(to: Self.request(.get, "/users/1"))
    #expect(missing.body.whole == "missing" && missing.head.status.code == 404)
    #expect(responder.page(for: .serviceUnavailable)?.body.whole == "later")
    #expect(responder.page(for: .forbidden) == nil)
  }

  @Test func aRequestHasItsHost() {
    let parsed = ParsedRequest(Self.request(.get, "/static/app.css"))
    #expect(parsed?.refusal == nil)
    let anonymous = HTTPRequest(method: .get, scheme: "https", authority: nil, path: "/")
    // Allowed in HTTP/1.0.
    #expect(ParsedRequest(anonymous)?.refusal == nil)
    // RFC 9113 §8.3.1: only a Host that differs from `:authority` is malformed. RFC 9112 §3.2: a second
    // Host always is; codecs of HTTP/1.1 take the first one for the authority.
    let authority = Self.request(.get, "/").authority ?? ""
    let hosts = [
      ("host", "other", ResponseStatus.badRequest), ("Host", "other", .badRequest),
      ("host", authority, nil), ("Host", authority, .badRequest), ("HOST", authority, .badRequest),
    ]
    for (name, host, refusal) in hosts {
      let fields: HTTPFields = [.init(name)!: host]
      let double = ParsedRequest(Self.request(.get, "/", fields))
      #expect(double?.refusal == refusal)
    }
  }
}
